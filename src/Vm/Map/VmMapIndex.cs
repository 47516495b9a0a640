namespace BsdVm;

/// <summary>
/// How a map finds its entries: by address, and by free space. The map itself keeps the entries linked in address order
/// (<see cref="VmMapEntry.Next"/>, <see cref="VmMapEntry.Previous"/>) and has done so before it calls <see cref="Insert"/>, and undoes it
/// before it calls <see cref="Remove"/>; an index keeps whatever else it needs. One index serves one map. An entry is the index's from
/// <see cref="Insert"/> to <see cref="Remove"/>; afterwards the map uses it again for another range.
/// </summary>
public abstract class VmMapIndex
{
    /// <summary>The name that <c>--index</c> takes.</summary>
    public abstract string Name { get; }

    /// <summary>Entries in the index.</summary>
    public abstract int Count { get; }

    /// <summary>The lowest entry, or null.</summary>
    public abstract VmMapEntry? First { get; }

    /// <summary>
    /// The entry that holds <paramref name="address"/>, else the nearest one below it, else null. Source: <c>vm_map_lookup_entry</c>.
    /// </summary>
    public abstract VmMapEntry? FindAtOrBelow(VirtualAddress address);

    /// <summary>A new entry, whose <see cref="VmMapEntry.Previous"/> and <see cref="VmMapEntry.Next"/> are linked already.</summary>
    public abstract void Insert(VmMapEntry entry);

    /// <summary>An entry leaves; it is unlinked from its neighbours already, but its own links still name them.</summary>
    public abstract void Remove(VmMapEntry entry);

    /// <summary>The start or end of an entry moved (never past a neighbour), so its gap and that of the entry above changed.</summary>
    public abstract void Resized(VmMapEntry entry);

    /// <summary>
    /// The lowest page-aligned start of <paramref name="lengthBytes"/> free bytes at or above <paramref name="from"/> and ending at or
    /// below <paramref name="limit"/>. Source: <c>vm_map_findspace</c>, first fit.
    /// </summary>
    public abstract bool TryFindGap(VirtualAddress from, VirtualAddress limit, ulong lengthBytes, out VirtualAddress start);

    /// <summary>Checks the index's own structure and augmentation.</summary>
    /// <exception cref="InvariantViolationException">With rule <c>MAP-INDEX</c>.</exception>
    public abstract void CheckStructure();
}
