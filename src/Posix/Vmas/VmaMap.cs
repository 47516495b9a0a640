namespace BsdVm.Posix;

// What decides how Linux's mappings split and join, kept apart from the vm_map whose entries say where the pages are. Joining is tried at mmap,
// mprotect, mlock, madvise, minherit and mremap, never at munmap, exit or a fault, and depends on more than maps prints:
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

    /// <summary>The mappings, lowest first, of a moment in which nothing changes.</summary>
    public ReadOnlySpan<Vma> Items => _items.AsSpan(0, Count);

    /// <summary>A mapping by its place in the order.</summary>
    public ref readonly Vma this[int index] => ref _items.AsSpan(0, Count)[index];

    /// <summary>The place of the lowest mapping that ends above an address; <see cref="Count"/> if there is none. Source: <c>find_vma</c>.</summary>
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

    /// <summary>Whether no mapping overlaps from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public bool IsFree(ulong start, ulong end)
    {
        int index = IndexFrom(start);
        return index == Count || _items[index].Start >= end;
    }

    /// <summary>All of it, to be given to <see cref="Restore"/> if an operation has to be undone.</summary>
    public Vma[] Snapshot() => Items.ToArray();

    /// <summary>Makes everything as it was.</summary>
    public void Restore(Vma[] snapshot)
    {
        _items = snapshot.Length == 0 ? new Vma[16] : snapshot;
        Count = snapshot.Length;
    }

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
