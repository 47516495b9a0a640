using System.Buffers.Binary;

namespace BsdVm.Traces;

/// <summary>Words as a stream of little-endian bytes, made as they are read.</summary>
internal sealed class WordStream(IEnumerable<ulong> words, long lengthBytes) : ForwardStream
{
    private readonly IEnumerator<ulong> _words = words.GetEnumerator();
    private readonly byte[] _block = new byte[65536];
    private int _next;
    private int _filled;

    public override long? KnownLength => lengthBytes;

    public override int Read(Span<byte> buffer)
    {
        if (_next == _filled)
        {
            FillBlock();
        }

        int count = Math.Min(buffer.Length, _filled - _next);
        _block.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _words.Dispose();
        base.Dispose(disposing);
    }

    private void FillBlock()
    {
        _next = 0;
        _filled = 0;
        while (_filled < _block.Length && _words.MoveNext())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_block.AsSpan(_filled), _words.Current);
            _filled += 8;
        }
    }
}
