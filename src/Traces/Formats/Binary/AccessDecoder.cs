using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BsdVm.Traces;

/// <summary>
/// Decodes blocks of accesses. The tags lie apart from the differences so that the host can look at tags ahead; the loop has no branch that
/// depends on the length of a difference.
/// </summary>
internal sealed class AccessDecoder
{
    /// <summary>Bytes that must follow the content of a block in its array, since differences are read eight bytes at a time.</summary>
    public const int Slack = 16;

    private readonly long[] _countByKind = new long[4];
    private AccessHistory _history = new();
    private byte[] _content = [];
    private int _tag;
    private int _tagEnd;
    private int _delta;
    private int _deltaEnd;

    /// <summary>Accesses of the block that are still to be delivered.</summary>
    public int Left => _tagEnd - _tag;

    public long Straddling { get; private set; }

    public long Count(TraceAccessKind kind) => _countByKind[(int)kind];

    /// <summary>Starts on a block whose content lies at the start of the array, with <see cref="Slack"/> behind it.</summary>
    public void Begin(byte[] content, int count, int lengthBytes)
    {
        _content = content;
        _tag = 0;
        _tagEnd = count;
        _delta = count;
        _deltaEnd = lengthBytes;
    }

    /// <summary>
    /// Decodes as many accesses as fit and are left. False where the block is malformed, although its checksum was right: a difference
    /// lies outside, an access is too large or passes the top of the address space, or bytes are left over.
    /// </summary>
    public bool TryDecode(Span<TraceAccess> buffer, out int count)
    {
        count = Math.Min(buffer.Length, Left);
        ReadOnlySpan<byte> tags = _content.AsSpan(_tag, count);
        ref byte content = ref MemoryMarshal.GetArrayDataReference(_content);
        ulong[] byInstruction = _history.ByInstruction;
        ulong nextFetch = _history.NextFetch, last = _history.Last, other = _history.Other;
        int slot = _history.Slot, position = _delta, end = _deltaEnd;
        ulong counters = 0;
        long straddling = 0;
        bool isSound = true;
        for (int i = 0; i < tags.Length; i++)
        {
            int tag = tags[i];
            if (position > end)
            {
                return false;
            }

            // In bounds: position is at most end, and Slack bytes follow end in the array.
            ulong raw = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref content, position));
            raw = BitConverter.IsLittleEndian ? raw : BinaryPrimitives.ReverseEndianness(raw);
            int half = AccessTags.HalfShift[tag];
            ulong delta = (ulong)((long)(raw << half << half) >> half >> half);
            uint size = AccessTags.SizeBytes[tag];
            bool isEscape = size == 0;
            if (isEscape)
            {
                size = (ushort)raw;
                delta = BinaryPrimitives.ReadUInt64LittleEndian(_content.AsSpan(position + 2));
                isSound &= size - 1 < TraceAccess.MaxSizeBytes;
            }

            position += AccessTags.DeltaBytes[tag];
            ulong address;
            if ((tag & 3) == AccessTags.FetchKind)
            {
                address = nextFetch + delta;
                nextFetch = address + size;
                slot = (int)address & AccessHistory.SlotMask;
            }
            else
            {
                int way = isEscape ? AccessTags.ByLast : tag >> 5;
                ulong from = way < AccessTags.ByLast
                    ? byInstruction[slot & AccessHistory.SlotMask]
                    : way == AccessTags.ByOther ? other : last;
                address = from + delta;
                other = way >= AccessTags.ByOther ? last : other;
                last = address;
                byInstruction[slot & AccessHistory.SlotMask] = address;
                slot = (slot + 1) & AccessHistory.SlotMask;
            }

            isSound &= address + (size - 1) >= address;
            straddling += (address & (PageSize.BaseBytes - 1)) + size > PageSize.BaseBytes ? 1 : 0;
            counters += 1UL << ((tag & 3) << 4);
            buffer[i] = new TraceAccess(new VirtualAddress(address), (int)size, (TraceAccessKind)(tag & 3));
        }

        _history.NextFetch = nextFetch;
        _history.Last = last;
        _history.Other = other;
        _history.Slot = slot;
        _tag += count;
        _delta = position;
        Straddling += straddling;
        for (int kind = 0; kind < _countByKind.Length; kind++)
        {
            _countByKind[kind] += (ushort)(counters >> (16 * kind));
        }

        return isSound && (Left > 0 ? position <= end : position == end);
    }
}
