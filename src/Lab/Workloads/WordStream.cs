using System.Buffers.Binary;

namespace BsdVm.Lab;

/// <summary>Words as a stream of little-endian bytes, made as they are read.</summary>
internal sealed class WordStream(IEnumerable<ulong> words, long lengthBytes) : Stream
{
    private readonly IEnumerator<ulong> _words = words.GetEnumerator();
    private readonly byte[] _block = new byte[65536];
    private int _next;
    private int _filled;
    private long _position;

    public override bool CanRead => true;

    // Only so that progress knows the length.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_next == _filled)
        {
            FillBlock();
        }

        int count = Math.Min(buffer.Length, _filled - _next);
        _block.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
