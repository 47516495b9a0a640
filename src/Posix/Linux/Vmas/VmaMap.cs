namespace BsdVm.Posix;

// What decides how Linux's mappings split and join, kept apart from the vm_map whose entries say where the pages are. Joining is tried at
// mmap, mprotect, mlock, madvise, minherit and mremap, never at munmap, exit or a fault, and depends on more than maps prints:
//
//   - hidden flags: accounted, locked, advised, inheritance;
//   - offsets: those of private anonymous memory are where it was first mapped, and travel with mremap once it was written;
//   - the anon_vma: made by the first write attempt, taken over from a neighbour that could be joined but for its rights, replaced in
//     a child by fork.
//
// Source: mm/vma.c: vma_merge_new_range, vma_modify, copy_vma, vma_merge_extend; mm/rmap.c: anon_vma_fork, find_mergeable_anon_vma.

/// <summary>
/// The mappings of a Linux process, in address order, with all that decides which of them are one. A sorted array: found by binary search,
/// copied as a whole. Each operation has a file of its own.
/// </summary>
internal sealed partial class VmaMap
{
    private Vma[] _items = new Vma[16];
    private int _hint;

    /// <summary>Mappings.</summary>
    public int Count { get; private set; }

    /// <summary>Mappings that there may be. Source: <c>max_map_count</c>.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>The mappings, lowest first, of a moment in which nothing changes.</summary>
    public ReadOnlySpan<Vma> Items => _items.AsSpan(0, Count);

    /// <summary>A mapping by its place in the order.</summary>
    public ref readonly Vma this[int index] => ref _items.AsSpan(0, Count)[index];

    /// <summary>
    /// The place of the lowest mapping that ends above an address; <see cref="Count"/> if there is none. Source: <c>find_vma</c>.
    /// </summary>
    public int IndexFrom(ulong address)
    {
        if (_hint < Count && address >= _items[_hint].Start && address < _items[_hint].End)
        {
            return _hint;
        }

        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_items[middle].End > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        _hint = low;
        return low;
    }

    /// <summary>The place of the mapping that holds an address. Source: <c>vma_lookup</c>.</summary>
    public bool TryFind(ulong address, out int index)
    {
        index = IndexFrom(address);
        return index < Count && _items[index].Start <= address;
    }

    /// <summary>Whether a mapping overlaps from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public bool HasAny(ulong start, ulong end)
    {
        int index = IndexFrom(start);
        return index < Count && _items[index].Start < end;
    }

    /// <summary>
    /// Whether <see cref="Remove"/> is allowed: a hole in the middle of a mapping makes one more. Source: <c>vms_gather_munmap_vmas</c>.
    /// </summary>
    public bool CanRemove(ulong start, ulong end) =>
        Count < Limit || !TryFind(start, out int index) || _items[index].Start == start || _items[index].End <= end;

    /// <summary>The pages of a range that count towards the memory that is promised.</summary>
    public ulong AccountedPages(ulong start, ulong end)
    {
        ulong bytes = 0;
        for (int index = IndexFrom(start); index < Count && _items[index].Start < end; index++)
        {
            if (_items[index].Has(VmaFlags.Account))
            {
                bytes += Math.Min(end, _items[index].End) - Math.Max(start, _items[index].Start);
            }
        }

        return bytes / PageSize.BaseBytes;
    }

    /// <summary>The same mappings once more, to try a change on.</summary>
    public VmaMap Clone() => new() { _items = [.. _items], Count = Count, Limit = Limit };

    private void InsertAt(int index, in Vma made)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        Array.Copy(_items, index, _items, index + 1, Count - index);
        _items[index] = made;
        Count++;
    }

    private void RemoveAt(int index, int count)
    {
        Array.Copy(_items, index + count, _items, index, Count - index - count);
        Array.Clear(_items, Count - count, count);
        Count -= count;
    }
}
