using System.Numerics;

namespace BsdVm.Structures;

/// <content>Parts that are built anew, by the definition of where nodes stand.</content>
internal sealed partial class GuardedStore
{
    // Pages and PTEs of a part that is built anew, in order.
    private readonly List<ulong> _pages = [];
    private readonly List<ulong> _entries = [];

    private bool TryRebuild(ulong at, ulong? extra)
    {
        _pages.Clear();
        _entries.Clear();
        int before = Gather(at);
        if (extra is { } page)
        {
            int place = ~_pages.BinarySearch(page);
            _pages.Insert(place, page);
            _entries.Insert(place, TablePte.Reserved);
        }

        int missing = CountNodes(0, _pages.Count) - before;
        if (missing > 0 && !_nodes.TryReserve(missing))
        {
            return false;
        }

        FreeNodes(at);
        Build(at, 0, _pages.Count);
        return true;
    }

    // All pages below an entry, in order; returns the nodes there.
    private int Gather(ulong at)
    {
        ulong word = Read(at);
        if (!IsNode(word))
        {
            if (word != 0)
            {
                _pages.Add(word >> GuardedWalk.GuardShift);
                _entries.Add(NodeOf(at));
            }

            return 0;
        }

        int nodes = 1;
        for (int index = 0; index < EntryCount; index++)
        {
            nodes += Gather(NodeOf(at) + ((ulong)index << GuardedWalk.EntryShift));
        }

        return nodes;
    }

    private void FreeNodes(ulong at)
    {
        if (IsNode(Memory.Read64(new(at))))
        {
            ulong node = NodeOf(at);
            for (int index = 0; index < EntryCount; index++)
            {
                FreeNodes(node + ((ulong)index << GuardedWalk.EntryShift));
            }

            _nodes.Free(new(node));
        }
    }

    private int CountNodes(int from, int to)
    {
        int nodes = to - from > 1 ? 1 : 0;
        for (int at = from; nodes > 0 && at < to;)
        {
            int end = GroupEnd(at, from, to, out _);
            nodes += CountNodes(at, end);
            at = end;
        }

        return nodes;
    }

    // Where the group of pages ends that share an entry of the node for a range of pages.
    private int GroupEnd(int at, int from, int to, out int low)
    {
        low = LowFor(BitOperations.Log2(_pages[from] ^ _pages[to - 1]));
        int end = at + 1;
        while (end < to && _pages[end] >> low == _pages[at] >> low)
        {
            end++;
        }

        return end;
    }

    private void Build(ulong place, int from, int to)
    {
        if (to - from <= 1)
        {
            PutEntry(place, to == from ? 0 : LeafWord(_pages[from]), to == from ? 0 : _entries[from]);
            return;
        }

        if (!_nodes.TryAllocate(out PhysicalAddress node))
        {
            throw new InvariantViolationException("PMAP-TABLE", "a guarded table", "a node kept free", "none");
        }

        int low = 0;
        for (int at = from; at < to;)
        {
            int end = GroupEnd(at, from, to, out low);
            Build(SlotOf(node.Value, _pages[at], low), at, end);
            at = end;
        }

        PutEntry(place, NodeWord(_pages[from], low), node.Value);
    }
}
