using System.Buffers.Binary;

namespace BsdVm.Traces;

/// <summary>Reads 64-bit words of byte address and store bit.</summary>
internal sealed class WordTraceReader(TraceInput input) : TraceReader(input, TraceFormat.Words)
{
    private readonly TraceInput _input = input;
    private readonly byte[] _bytes = new byte[65536];
    private int _position;
    private int _limit;
    private long _loads;
    private long _stores;

    public override TraceCounts Counts => new(0, _loads, _stores, 0, 0, 0);

    public override TraceBatch Read(Span<TraceAccess> buffer)
    {
        if (_position == _limit && !Fill())
        {
            return default;
        }

        int count = Math.Min(buffer.Length, (_limit - _position) / 8);
        ReadOnlySpan<byte> words = _bytes.AsSpan(_position, count * 8);
        long stores = 0;
        for (int i = 0; i < count; i++)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(words[(i * 8)..]);
            stores += (long)(word & 1);
            buffer[i] = new TraceAccess(new VirtualAddress(word & ~7UL), 8, (TraceAccessKind)(word & 1));
        }

        _position += count * 8;
        _stores += stores;
        _loads += count - stores;
        return new TraceBatch(count, 0, null);
    }

    private bool Fill()
    {
        _position = 0;
        _limit = _input.ReadFully(_bytes);
        if (_limit % 8 != 0)
        {
            long end = 8 * (_loads + _stores) + _limit;
            throw TraceFormatException.AtOffset(Name, end, "the file is cut off: it ends inside a word of 8 bytes");
        }

        return _limit > 0;
    }
}
