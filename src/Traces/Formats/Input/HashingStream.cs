using System.Security.Cryptography;

namespace BsdVm.Traces;

/// <summary>
/// Passes a stream on, forward only, and keeps count and hash of the bytes that went through. The hash is computed a block behind, on
/// another thread: it costs as much as replaying does.
/// </summary>
internal sealed class HashingStream(Stream inner) : ForwardStream
{
    private const int BlockBytes = 1 << 18;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _block = new byte[BlockBytes];
    private byte[] _hashed = new byte[BlockBytes];
    private int _filled;
    private Task _hashing = Task.CompletedTask;

    public long BytesRead { get; private set; }

    public long? InnerLength => inner.CanSeek ? inner.Length : (inner as ForwardStream)?.KnownLength;

    public override int Read(Span<byte> buffer)
    {
        if (_filled == BlockBytes)
        {
            HashBlock();
        }

        int count = inner.Read(buffer[..Math.Min(buffer.Length, BlockBytes - _filled)]);
        buffer[..count].CopyTo(_block.AsSpan(_filled));
        _filled += count;
        BytesRead += count;
        return count;
    }

    /// <summary>Reads what is left, a trailer behind compressed data for instance, and returns the hash of everything.</summary>
    public string Finish()
    {
        var rest = new byte[4096];
        while (Read(rest) > 0)
        {
        }

        HashBlock();
        _hashing.GetAwaiter().GetResult();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hashing.GetAwaiter().GetResult();
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void HashBlock()
    {
        _hashing.GetAwaiter().GetResult();
        (_block, _hashed) = (_hashed, _block);
        (byte[] bytes, int count) = (_hashed, _filled);
        _filled = 0;
        _hashing = Task.Run(() => _hash.AppendData(bytes, 0, count));
    }
}
