using System.Numerics;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// Writes <see cref="GuardedWalk"/>, one for each pmap. What it takes is a function of the pages alone: an insertion that moves a node's
/// highest differing bit up by less than K builds the part below anew. After a removal a node stays where it is until one entry is left in
/// it, which then takes its place; <see cref="Trim"/> builds the whole anew.
/// </summary>
internal sealed partial class GuardedStore : TableStore
{
    private const int RootBytes = 16;

    private readonly int _bits;
    private readonly TablePool _nodes;

    private PhysicalAddress _root;
    private long _pageCount;

    public GuardedStore(PmapSystem system, int bits)
        : base(system)
    {
        _bits = bits;
        _nodes = new(system, 1 << (bits + GuardedWalk.EntryShift), TablePte.FrameLimit);
    }

    public override long Frames => _nodes.Frames + 1;

    public override bool KeepsOrder => true;

    public override PmapTableUse Use
    {
        get
        {
            var levels = new List<long>();
            CountLevels(_root.Value, 0, levels);
            return new()
            {
                Bytes = RootBytes + (_nodes.UsedCount * _nodes.PieceBytes),
                HeadBytes = RootBytes,
                BytesByLevel = [.. levels],
                Entries = _pageCount,
            };
        }
    }

    private int EntryCount => 1 << _bits;

    public override TableRegisters Registers(int space) => new(_root.Value, Factor: _bits);

    public override bool TryBegin()
    {
        bool begun = TryTakeFrames(1, out _root);
        System.Counters.AddTableBytes(begun ? RootBytes : 0);
        return begun;
    }

    public override bool TryRead(PageTag tag, out ulong entry)
    {
        ulong page = tag.Page.Value;
        ulong at = Descend(page, out ulong word, out _);
        bool found = word == LeafWord(page);
        entry = found ? Memory.Read64(new(at + GuardedWalk.SecondOffset)) & TablePte.Mask : 0;
        return found;
    }

    public override bool TryReserve(PageTag tag)
    {
        ulong page = tag.Page.Value;
        ulong at = Descend(page, out ulong word, out _);
        if (word == LeafWord(page))
        {
            KeepAt(at + GuardedWalk.SecondOffset);
            return true;
        }

        if (word != 0 && !TrySplit(at, word, page))
        {
            return false;
        }

        if (word == 0)
        {
            PutEntry(at, LeafWord(page), TablePte.Reserved);
        }

        _pageCount++;
        return true;
    }

    public override void Write(PageTag tag, ulong entry)
    {
        ulong at = Descend(tag.Page.Value, out _, out _);
        Put(at + GuardedWalk.SecondOffset, entry == 0 ? TablePte.Reserved : entry);
    }

    public override void Release(PageTag tag)
    {
        ulong page = tag.Page.Value;
        ulong at = Descend(page, out ulong word, out ulong above);
        if (word != LeafWord(page))
        {
            return;
        }

        PutEntry(at, 0, 0);
        _pageCount--;
        if (above != 0)
        {
            Shorten(above);
        }
    }

    public override void Trim()
    {
        TryRebuild(_root.Value, null);
        _nodes.Trim(keep: 0);
    }

    public override void End()
    {
        System.Counters.AddTableBytes(-RootBytes);
        _nodes.Destroy();
        GiveFrames(_root, 1);
    }

    private static ulong LeafWord(ulong page) => (page << GuardedWalk.GuardShift) | GuardedWalk.Leaf;

    private static bool IsNode(ulong word) => (word & GuardedWalk.KindMask) is not 0 and not GuardedWalk.Leaf;

    private static int LowOf(ulong word) => (int)(word & GuardedWalk.KindMask) - 1;

    private ulong SlotOf(ulong node, ulong page, int low) =>
        node + (((page >> low) & ((ulong)EntryCount - 1)) << GuardedWalk.EntryShift);

    private ulong NodeOf(ulong at) => Memory.Read64(new(at + GuardedWalk.SecondOffset));

    // The lowest window that holds a bit as its highest one.
    private int LowFor(int bit) => Math.Max(bit - _bits + 1, 0);

    // The entry where the way to a page ends: empty, a page, or a node whose guard differs; and the entry that leads to its node.
    private ulong Descend(ulong page, out ulong word, out ulong above)
    {
        above = 0;
        ulong at = _root.Value;
        word = Read(at);
        while (IsNode(word) && page >> (LowOf(word) + _bits) == word >> GuardedWalk.GuardShift)
        {
            above = at;
            at = SlotOf(NodeOf(at), page, LowOf(word));
            word = Read(at);
        }

        return at;
    }

    // Puts a node over what is there and the new page, unless its window would reach into that of a node there: then the part is built anew.
    private bool TrySplit(ulong at, ulong word, ulong page)
    {
        bool isNode = IsNode(word);
        int shift = isNode ? LowOf(word) + _bits : 0;
        ulong there = word >> GuardedWalk.GuardShift << shift;
        int bit = BitOperations.Log2((there ^ page) >> shift) + shift;
        int low = LowFor(bit);
        if (isNode && low < shift)
        {
            return TryRebuild(at, page);
        }

        if (!_nodes.TryAllocate(out PhysicalAddress node))
        {
            return false;
        }

        PutEntry(SlotOf(node.Value, there, low), word, NodeOf(at));
        PutEntry(SlotOf(node.Value, page, low), LeafWord(page), TablePte.Reserved);
        PutEntry(at, NodeWord(page, low), node.Value);
        return true;
    }

    private ulong NodeWord(ulong page, int low) => (page >> (low + _bits) << GuardedWalk.GuardShift) | ((ulong)low + 1);

    private void PutEntry(ulong at, ulong word, ulong second)
    {
        Put(at, word);
        Memory.Write64(new(at + GuardedWalk.SecondOffset), second);
    }

    private void KeepAt(ulong at)
    {
        if (Memory.Read64(new(at)) == 0)
        {
            Memory.Write64(new(at), TablePte.Reserved);
        }
    }

    // A node with one entry left gives way to it.
    private void Shorten(ulong above)
    {
        ulong node = NodeOf(above);
        ulong only = 0;
        for (int index = 0; index < EntryCount; index++)
        {
            ulong at = node + ((ulong)index << GuardedWalk.EntryShift);
            if (Memory.Read64(new(at)) != 0)
            {
                if (only != 0)
                {
                    return;
                }

                only = at;
            }
        }

        PutEntry(above, Read(only), NodeOf(only));
        _nodes.Free(new(node));
    }

    private void CountLevels(ulong at, int depth, List<long> levels)
    {
        if (!IsNode(Memory.Read64(new(at))))
        {
            return;
        }

        if (levels.Count == depth)
        {
            levels.Add(0);
        }

        levels[depth] += _nodes.PieceBytes;
        for (int index = 0; index < EntryCount; index++)
        {
            CountLevels(NodeOf(at) + ((ulong)index << GuardedWalk.EntryShift), depth + 1, levels);
        }
    }
}
