namespace BsdVm.Structures;

/// <summary>How many levels of 9 bits a forward-mapped table has.</summary>
internal interface ILevels
{
    static abstract int Count { get; }
}

/// <summary>Up to 48 address bits.</summary>
internal readonly struct FourLevels : ILevels
{
    public static int Count => 4;
}

/// <summary>Up to 57 address bits.</summary>
internal readonly struct FiveLevels : ILevels
{
    public static int Count => 5;
}

/// <summary>Up to 62 address bits; the root has five index bits.</summary>
internal readonly struct SixLevels : ILevels
{
    public static int Count => 6;
}

/// <summary>
/// Tables of 512 entries of 8 bytes; the leaves are <see cref="TablePte"/>s, and an entry above them is the address of a table with bit 0
/// set. The leaves side by side are also the pages of the linear table in virtual space. Source: MIPS R4000 User's Manual, section 4.5;
/// Linux <c>arch/mips/mm/tlbex.c</c>.
/// </summary>
internal readonly struct NineBitFormat<TLevels> : IRadixFormat
    where TLevels : struct, ILevels
{
    public const ulong Present = 1;

    public static int Levels => TLevels.Count;

    public static int EntryShift => 3;

    public static PageFrameNumber FrameLimit => TablePte.FrameLimit;

    public static int IndexBits(int level) => level == 6 ? 5 : 9;

    public static int IndexShift(int level) => PageSize.Base.Shift + (9 * (level - 1));

    public static bool IsTable(ulong entry, int level) => (entry & Present) != 0;

    public static PhysicalAddress TableOf(ulong entry, int level) => new PhysicalAddress(entry).RoundDown(PageSize.Base);

    public static ulong EncodeTable(PhysicalAddress table, int level) => table.Value | Present;

    public static ulong EncodePage(PageFrameNumber frame, Protection rights, PmapFlags flags) => TablePte.Encode(frame, rights, flags);

    public static PmapMapping DecodePage(VirtualAddress address, ulong entry) => TablePte.Decode(address, entry);
}
