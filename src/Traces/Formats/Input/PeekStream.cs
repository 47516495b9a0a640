namespace BsdVm.Traces;

/// <summary>Passes a stream on, and lets its first bytes be looked at before.</summary>
internal sealed class PeekStream(Stream inner) : ForwardStream
{
    private byte[] _ahead = [];
    private int _taken;

    /// <summary>The next bytes, fewer than asked for only where the stream ends.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_ahead.Length - _taken < count)
        {
            var more = new byte[count];
            int have = _ahead.Length - _taken;
            _ahead.AsSpan(_taken).CopyTo(more);
            have += inner.ReadAtLeast(more.AsSpan(have), count - have, throwOnEndOfStream: false);
            _ahead = more[..have];
            _taken = 0;
        }

        return _ahead.AsSpan(_taken, Math.Min(count, _ahead.Length - _taken));
    }

    public override int Read(Span<byte> buffer)
    {
        int left = _ahead.Length - _taken;
        if (left == 0)
        {
            return inner.Read(buffer);
        }

        int count = Math.Min(left, buffer.Length);
        _ahead.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
