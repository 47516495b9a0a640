using System.Buffers.Binary;

namespace BsdVm.Traces;

/// <summary>Collects a block of accesses: tags in one array, differences in another one.</summary>
internal sealed class AccessEncoder
{
    private readonly byte[] _tags = new byte[BinaryTrace.MostAccessesInBlock];
    private readonly byte[] _deltas = new byte[BinaryTrace.MostAccessesInBlock * AccessTags.LongestDelta];
    private AccessHistory _history = new();
    private int _deltaBytes;

    public int Count { get; private set; }

    public bool IsFull => Count == BinaryTrace.MostAccessesInBlock;

    public ReadOnlySpan<byte> Tags => _tags.AsSpan(0, Count);

    public ReadOnlySpan<byte> Deltas => _deltas.AsSpan(0, _deltaBytes);

    /// <summary>Starts the next block; the history goes on.</summary>
    public void Clear()
    {
        Count = 0;
        _deltaBytes = 0;
    }

    public void Add(TraceAccess access)
    {
        if (access.Kind == TraceAccessKind.Fetch)
        {
            AddFetch(access);
        }
        else
        {
            AddData(access);
        }
    }

    private void AddFetch(TraceAccess access)
    {
        ulong address = access.Address.Value;
        long delta = unchecked((long)(address - _history.NextFetch));
        int length = delta == 0 ? 0 : FitsByte(delta) ? 1 : FitsShort(delta) ? 2 : FitsInt(delta) ? 4 : 8;
        if (access.SizeBytes > 15 || length == 8)
        {
            Put(AccessTags.FetchEscape, access.SizeBytes, delta);
        }
        else
        {
            int code = length == 4 ? 3 : length;
            Put(AccessTags.FetchKind | (access.SizeBytes << 2) | (code << 6), delta, length);
        }

        _history.NextFetch = unchecked(address + (ulong)access.SizeBytes);
        _history.Slot = (int)address & AccessHistory.SlotMask;
    }

    private void AddData(TraceAccess access)
    {
        ulong address = access.Address.Value;
        long toLast = unchecked((long)(address - _history.Last));
        int sizeCode = SizeCode(access.SizeBytes);
        bool isFar;
        if (sizeCode == AccessTags.DataEscapeSize)
        {
            Put((int)access.Kind | (AccessTags.DataEscapeSize << 2), access.SizeBytes, toLast);
            isFar = false;
        }
        else
        {
            int way = Way(address, toLast, out long delta, out int length);
            Put((int)access.Kind | (sizeCode << 2) | (way << 5), delta, length);
            isFar = way >= AccessTags.ByOther;
        }

        _history.Other = isFar ? _history.Last : _history.Other;
        _history.Last = address;
        _history.ByInstruction[_history.Slot] = address;
        _history.Slot = (_history.Slot + 1) & AccessHistory.SlotMask;
    }

    /// <summary>Chooses the shortest way to write an address.</summary>
    private int Way(ulong address, long toLast, out long delta, out int length)
    {
        long toOwn = unchecked((long)(address - _history.ByInstruction[_history.Slot]));
        long toOther = unchecked((long)(address - _history.Other));
        (int way, delta, length) =
            toOwn == 0 ? (AccessTags.ByInstruction, toOwn, 0)
            : FitsByte(toOwn) ? (AccessTags.ByInstruction + 1, toOwn, 1)
            : FitsByte(toLast) ? (AccessTags.ByLast, toLast, 1)
            : FitsShort(toOwn) ? (AccessTags.ByInstruction + 2, toOwn, 2)
            : FitsShort(toLast) ? (AccessTags.ByLast + 1, toLast, 2)
            : FitsInt(toLast) ? (AccessTags.ByLast + 2, toLast, 4)
            : FitsInt(toOther) ? (AccessTags.ByOther, toOther, 4)
            : (AccessTags.ByLastFar, toLast, 8);
        return way;
    }

    private void Put(int tag, long delta, int length)
    {
        _tags[Count++] = (byte)tag;
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, delta);
        bytes[..length].CopyTo(_deltas.AsSpan(_deltaBytes));
        _deltaBytes += length;
    }

    private void Put(int escape, int sizeBytes, long delta)
    {
        _tags[Count++] = (byte)escape;
        Span<byte> bytes = _deltas.AsSpan(_deltaBytes, AccessTags.LongestDelta);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)sizeBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[2..], delta);
        _deltaBytes += AccessTags.LongestDelta;
    }

    private static int SizeCode(int sizeBytes) => sizeBytes switch
    {
        1 => 0,
        2 => 1,
        4 => 2,
        8 => 3,
        16 => 4,
        32 => 5,
        64 => 6,
        _ => AccessTags.DataEscapeSize,
    };

    private static bool FitsByte(long value) => value == (sbyte)value;

    private static bool FitsShort(long value) => value == (short)value;

    private static bool FitsInt(long value) => value == (int)value;
}
