namespace BsdVm.Posix;

internal sealed partial class VmaMap
{
    /// <summary>
    /// Gives a part of one mapping other attributes: it is cut out, and joined with its neighbours. Nothing happens if it has them already:
    /// not even what could be joined is. Source: <c>vma_modify</c>.
    /// </summary>
    /// <param name="start">The first address, page aligned, in a mapping.</param>
    /// <param name="end">The first address behind the part, at most the mapping's end.</param>
    /// <param name="protection">Its rights from now on.</param>
    /// <param name="flags">Its hidden flags from now on.</param>
    /// <returns>False if cutting it out would make a mapping too many; an edge that was cut by then stays cut.</returns>
    public bool TryChange(ulong start, ulong end, Protection protection, VmaFlags flags)
    {
        int index = IndexFrom(start);
        if (_items[index].Protection == protection && _items[index].Flags == flags)
        {
            return true;
        }

        if (Count + 2 > Limit && !JoinsNeighbour(index, start, end, protection, flags) && !TrySplit(start, end))
        {
            return false;
        }

        SplitAt(end);
        SplitAt(start);
        index = IndexFrom(start);
        _items[index].Protection = protection;
        _items[index].Flags = flags;
        JoinWithLowerFirst(index);
        return true;
    }

    // A part at an edge that becomes alike with its neighbour moves the border between them, and needs no mapping more.
    private bool JoinsNeighbour(int index, ulong start, ulong end, Protection protection, VmaFlags flags)
    {
        Vma part = _items[index].Part(start, end);
        part.Protection = protection;
        part.Flags = flags;
        return (index > 0 && _items[index].Start == start && CanJoin(in _items[index - 1], in part))
            || (index + 1 < Count && _items[index].End == end && CanJoin(in part, in _items[index + 1]));
    }

    // Source: split_vma: the lower edge first, each edge against the limit.
    private bool TrySplit(ulong start, ulong end)
    {
        foreach (ulong edge in (ReadOnlySpan<ulong>)[start, end])
        {
            if (!TryFind(edge, out int index) || _items[index].Start == edge)
            {
                continue;
            }

            if (Count >= Limit)
            {
                return false;
            }

            SplitAt(edge);
        }

        return true;
    }

    /// <summary>Takes everything between two addresses away. What is left of a mapping keeps its anon_vma; nothing is joined.</summary>
    public void Remove(ulong start, ulong end)
    {
        SplitAt(start);
        SplitAt(end);
        int first = IndexFrom(start);
        int last = first;
        while (last < Count && _items[last].Start < end)
        {
            last++;
        }

        if (last > first)
        {
            RemoveAt(first, last - first);
        }
    }

    /// <summary>A stack grows to a new start, and joins nothing there. Source: <c>expand_downwards</c>.</summary>
    public void GrowDown(int index, ulong newStart)
    {
        ref Vma stack = ref _items[index];
        stack.PageOffset = unchecked(stack.PageOffset - ((stack.Start - newStart) / PageSize.BaseBytes));
        stack.Start = newStart;
    }

    // With different anon_vmas on both sides, only the lower one is joined.
    private void JoinWithLowerFirst(int index)
    {
        if (index > 0)
        {
            int before = Count;
            JoinWithUpper(index - 1);
            index -= before - Count;
        }

        JoinWithUpper(index);
    }

    private void SplitAt(ulong address)
    {
        if (TryFind(address, out int index) && _items[index].Start < address)
        {
            Vma rear = _items[index].Part(address, _items[index].End);
            _items[index].End = address;
            InsertAt(index + 1, in rear);
        }
    }
}
