namespace BsdVm.Posix;

internal sealed partial class VmaMap
{
    /// <summary>
    /// The first write attempt on a private mapping gives it an anon_vma: that of a neighbour which differs in rights at most, the upper
    /// one first, else a new one. Source: <c>__anon_vma_prepare</c>, <c>find_mergeable_anon_vma</c>.
    /// </summary>
    public void NoteWrite(ulong address)
    {
        if (!TryFind(address, out int index) || _items[index].IsShared || _items[index].AnonVma is not null)
        {
            return;
        }

        _items[index].AnonVma = Reusable(index + 1, index, index + 1)
            ?? Reusable(index - 1, index - 1, index)
            ?? new AnonVma(isMulti: false);
    }

    private AnonVma? Reusable(int neighbour, int lower, int upper)
    {
        if (neighbour < 0 || neighbour >= Count || !IsContinued(in _items[lower], in _items[upper]))
        {
            return null;
        }

        return _items[neighbour].AnonVma is { IsMulti: false } found ? found : null;
    }

    /// <summary>
    /// What a child has after fork: each written mapping hangs on a new anon_vma of its own, those that shared one in the parent too. The
    /// parent's stay as they are. Source: <c>dup_mmap</c>, <c>anon_vma_fork</c>.
    /// </summary>
    public VmaMap Fork()
    {
        var child = new VmaMap { _items = new Vma[Math.Max(16, Count)], Limit = Limit };
        foreach (ref readonly Vma mapping in Items)
        {
            if (mapping.Has(VmaFlags.DontFork))
            {
                continue;
            }

            child._items[child.Count++] = mapping with
            {
                Flags = mapping.Flags & ~VmaFlags.Locked,
                AnonVma = mapping.AnonVma is null || mapping.Has(VmaFlags.WipeOnFork) ? null : new AnonVma(isMulti: true),
            };
        }

        return child;
    }
}
