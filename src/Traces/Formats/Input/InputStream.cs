namespace BsdVm.Traces;

/// <summary>An input as a stream, for a decompressor that works on a part of it.</summary>
internal sealed class InputStream(TraceInput input) : ForwardStream
{
    public override int Read(Span<byte> buffer) => input.Read(buffer);
}
