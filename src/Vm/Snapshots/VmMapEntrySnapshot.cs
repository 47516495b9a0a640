namespace BsdVm.Snapshots;

/// <summary>One entry of a map as it stood when the snapshot was taken: one run of pages that are mapped alike.</summary>
public sealed record VmMapEntrySnapshot
{
    /// <summary>The addresses, page aligned.</summary>
    public required AddressRange Range { get; init; }

    /// <summary>The rights that an access needs to find.</summary>
    public required Protection Protection { get; init; }

    /// <summary>The most that <see cref="Protection"/> may be raised to.</summary>
    public required Protection MaxProtection { get; init; }

    /// <summary>What fork does with it.</summary>
    public required VmInheritance Inheritance { get; init; }

    /// <summary>MAP_SHARED: stores reach the object itself.</summary>
    public required bool IsShared { get; init; }

    /// <summary>Pages in here may belong to others.</summary>
    public required bool CopyOnWrite { get; init; }

    /// <summary>Before the first write the upper layer must be made this entry's own.</summary>
    public required bool NeedsCopy { get; init; }

    /// <summary>Other maps reach the same upper layer on purpose.</summary>
    public required bool SharesUpper { get; init; }

    /// <summary>Locked in memory (mlock).</summary>
    public required bool IsWired { get; init; }

    /// <summary>Grows downwards on a fault below it.</summary>
    public required bool GrowsDown { get; init; }

    /// <summary>What the process said about its use (madvise).</summary>
    public required VmAdvice Advice { get; init; }

    /// <summary>The object its pages come from, with the chain behind it; null for anonymous memory that has none yet.</summary>
    public VmObjectSnapshot? Object { get; init; }

    /// <summary>Where the entry's first address lies in <see cref="Object"/>, in bytes.</summary>
    public required ulong Offset { get; init; }

    /// <summary>The upper layer where amaps are used; else, and before the first write, null.</summary>
    public AmapSnapshot? Amap { get; init; }

    /// <summary>The slot of <see cref="Amap"/> that belongs to the entry's first address.</summary>
    public required ulong AmapSlot { get; init; }

    /// <summary>One line: <c>entry 10000000-10002000: rw-, private, object 3 + 0x0</c>.</summary>
    public override string ToString()
    {
        string upper = Amap is null ? "" : $", amap {Amap.Id} slot {AmapSlot:x}";
        string lower = Object is null ? "" : $", object {Object.Id} + 0x{Offset:x}";
        return $"entry {Range}: {Protection.ToText()}, {(IsShared ? "shared" : "private")}{upper}{lower}";
    }
}
