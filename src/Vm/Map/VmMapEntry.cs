namespace BsdVm;

/// <summary>
/// One run of pages that are mapped alike. Source: 4.4BSD <c>vm_map_entry</c>; the upper, anonymous layer beside the object is UVM's.
/// Entries are made and changed by <see cref="VmMap"/> only, and used again for other ranges: one that a contract passes is valid during
/// the call, in an index from <see cref="VmMapIndex.Insert"/> to <see cref="VmMapIndex.Remove"/>. Everybody else reads
/// <see cref="VmMap.Snapshot"/>.
/// </summary>
public sealed class VmMapEntry
{
    internal VmMapEntry()
    {
    }

    /// <summary>The first address, page aligned.</summary>
    public VirtualAddress Start { get; internal set; }

    /// <summary>The first address behind it, page aligned.</summary>
    public VirtualAddress End { get; internal set; }

    /// <summary>From <see cref="Start"/> to <see cref="End"/>.</summary>
    public AddressRange Range => new(Start, End - Start);

    /// <summary>The rights that an access needs to find.</summary>
    public Protection Protection { get; internal set; }

    /// <summary>The most that <see cref="Protection"/> may be raised to.</summary>
    public Protection MaxProtection { get; internal set; }

    /// <summary>What fork does with it.</summary>
    public VmInheritance Inheritance { get; internal set; }

    /// <summary>MAP_SHARED: stores reach the object itself.</summary>
    public bool IsShared { get; internal set; }

    /// <summary>Pages in here may belong to others, so no reduction of rights may ever grant writing. Sticky.</summary>
    public bool CopyOnWrite { get; internal set; }

    /// <summary>Before the first write the upper layer must be made this entry's own. Implies <see cref="CopyOnWrite"/>.</summary>
    public bool NeedsCopy { get; internal set; }

    /// <summary>Fork with <see cref="VmInheritance.Share"/> made other maps reach the same upper layer.</summary>
    public bool SharesUpper { get; internal set; }

    /// <summary>Locked in memory (mlock). It does not nest. Source: FreeBSD <c>MAP_ENTRY_USER_WIRED</c>.</summary>
    public bool IsWired { get; internal set; }

    /// <summary>
    /// Not every page of a locked entry needs its wired mapping: it was marked without bringing pages in, or pages were lost or could not
    /// be had since. A fault wires each when it comes. Source: Linux <c>VM_LOCKONFAULT</c>.
    /// </summary>
    internal bool IsWiredOnFault { get; set; }

    /// <summary>Grows downwards on a fault below it (MAP_GROWSDOWN, the stack).</summary>
    public bool GrowsDown { get; internal set; }

    /// <summary>What the process said about its use (madvise); a hint.</summary>
    public VmAdvice Advice { get; internal set; }

    /// <summary>
    /// The object its pages come from, or null for anonymous memory that has none yet. Shadow chains: the top of the chain. Amaps: the
    /// lower layer.
    /// </summary>
    public VmObject? Object { get; internal set; }

    /// <summary>Where <see cref="Start"/> lies in <see cref="Object"/>, in bytes.</summary>
    public ulong Offset { get; internal set; }

    /// <summary>The upper layer where amaps are used.</summary>
    public Amap? Amap { get; internal set; }

    /// <summary>The slot of <see cref="Amap"/> that belongs to <see cref="Start"/>.</summary>
    public ulong AmapSlot { get; internal set; }

    /// <summary>The next entry up, or null.</summary>
    public VmMapEntry? Next { get; internal set; }

    /// <summary>The next entry down, or null.</summary>
    public VmMapEntry? Previous { get; internal set; }

    /// <summary>Links and augmentation of a tree index; nobody else looks at them.</summary>
    internal VmMapEntryLinks Tree;

    /// <summary>The next entry that reaches the same amap. Kept by the amap layer.</summary>
    internal VmMapEntry? AmapNext { get; set; }

    /// <summary>The previous entry that reaches the same amap. Kept by the amap layer.</summary>
    internal VmMapEntry? AmapPrevious { get; set; }

    /// <summary>The first write attempt has been reported, see <see cref="VmConfiguration.PrivateWrite"/>.</summary>
    internal bool WriteReported { get; set; }

    /// <summary>Makes a recycled entry new.</summary>
    internal void Reset()
    {
        IsShared = false;
        CopyOnWrite = false;
        NeedsCopy = false;
        SharesUpper = false;
        IsWired = false;
        IsWiredOnFault = false;
        GrowsDown = false;
        Advice = VmAdvice.Normal;
        Object = null;
        Offset = 0;
        Amap = null;
        AmapSlot = 0;
        Next = null;
        Previous = null;
        Tree = default;
        AmapNext = null;
        AmapPrevious = null;
        WriteReported = false;
    }

    /// <summary>Takes over everything that a part of <paramref name="other"/>, or its copy in a child, has in common with it.</summary>
    internal void CopyAttributes(VmMapEntry other)
    {
        Protection = other.Protection;
        MaxProtection = other.MaxProtection;
        Inheritance = other.Inheritance;
        IsShared = other.IsShared;
        CopyOnWrite = other.CopyOnWrite;
        NeedsCopy = other.NeedsCopy;
        SharesUpper = other.SharesUpper;
        IsWired = other.IsWired;
        IsWiredOnFault = other.IsWiredOnFault;
        GrowsDown = other.GrowsDown;
        Advice = other.Advice;
        WriteReported = other.WriteReported;
    }

    /// <summary>An access that the rights allow and that copies nothing, where there is one: what brings a wired mapping back.</summary>
    internal AccessKind HarmlessAccess =>
        Protection.Allows(Protection.Read) || !Protection.Allows(Protection.Execute)
            ? (Protection.Allows(Protection.Read) || !IsShared ? AccessKind.Read : AccessKind.Write)
            : AccessKind.Execute;

    /// <summary>Free bytes between the entry below (or <paramref name="minimum"/>, the map's first address) and this one.</summary>
    internal ulong GapBelow(VirtualAddress minimum) => Start - (Previous?.End ?? minimum);

    /// <summary>The byte offset in <see cref="Object"/> of an address inside the entry.</summary>
    internal ulong ObjectOffsetOf(VirtualAddress address) => Offset + (address - Start);

    /// <summary>The amap slot of an address inside the entry.</summary>
    internal ulong SlotOf(VirtualAddress address) => AmapSlot + ((address - Start) / PageSize.BaseBytes);
}

/// <summary>What a binary tree of entries keeps in each entry.</summary>
internal struct VmMapEntryLinks
{
    public VmMapEntry? Left;
    public VmMapEntry? Right;
    public VmMapEntry? Parent;
    public ulong OwnGap;
    public ulong LargestGap;
    public bool IsRed;
}
