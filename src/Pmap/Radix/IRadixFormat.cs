namespace BsdVm;

/// <summary>
/// The entries of a radix page table: how many levels, which address bits index each, and what the words say. Level 1 is the one whose
/// entries name 4 KB pages, the highest one is the root. Members are static, so that the code over a format is compiled for it.
/// An entry that is zero is not present at every level.
/// </summary>
public interface IRadixFormat
{
    /// <summary>The number of levels, 1 to 8.</summary>
    static abstract int Levels { get; }

    /// <summary>The base-2 logarithm of an entry's size in bytes: 2 or 3.</summary>
    static abstract int EntryShift { get; }

    /// <summary>Frames at or above this one cannot be named by an entry.</summary>
    static abstract PageFrameNumber FrameLimit { get; }

    /// <summary>Address bits that index a table of the level.</summary>
    static abstract int IndexBits(int level);

    /// <summary>The lowest address bit of the index: one entry of the level stands for <c>1 &lt;&lt; IndexShift(level)</c> bytes.</summary>
    static abstract int IndexShift(int level);

    /// <summary>Whether an entry above level 1 leads to another table (and is not free, and not a large page).</summary>
    static abstract bool IsTable(ulong entry, int level);

    /// <summary>The table that such an entry leads to.</summary>
    static abstract PhysicalAddress TableOf(ulong entry, int level);

    /// <summary>An entry above level 1 that leads to a table and takes no right away from what lies below.</summary>
    static abstract ulong EncodeTable(PhysicalAddress table, int level);

    /// <summary>An entry of level 1. The rights are ones that the machine can express.</summary>
    static abstract ulong EncodePage(PageFrameNumber frame, Protection rights, PmapFlags flags);

    /// <summary>What an entry of level 1 that is not zero says.</summary>
    static abstract PmapMapping DecodePage(VirtualAddress address, ulong entry);

    /// <summary>
    /// Whether the root's entries are written once, when the pmap is made, and stay: on machines that copy them into registers.
    /// </summary>
    static virtual bool KeepsRootEntries => false;

    /// <summary>
    /// The entry of level 2 that maps, as one large page, what a whole table of level 1 maps whose first entry is this one and whose others
    /// are its <see cref="Piece"/>s. 0 where level 2 has no large pages.
    /// </summary>
    static virtual ulong Promote(ulong entry) => 0;

    /// <summary>The entry of level 1 for one page out of a large page that <see cref="Promote"/> made.</summary>
    static virtual ulong Piece(ulong large, int index) => 0;
}
