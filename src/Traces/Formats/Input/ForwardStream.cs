namespace BsdVm.Traces;

/// <summary>
/// A stream that is read once from its start. What a reader of traces never asks for is refused, as <see cref="Stream"/> asks of one that
/// can neither seek nor be written.
/// </summary>
internal abstract class ForwardStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    /// <summary>How many bytes there are in all, where that is known without reading them; else null.</summary>
    public virtual long? KnownLength => null;

    public sealed override long Length => KnownLength ?? throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override int Read(Span<byte> buffer);

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
