namespace BsdVm.Structures;

/// <summary>
/// One array of 2^20 entries of 4 bytes for all of a 32-bit space, 4 MB in adjacent frames: frame 31:12, modified 4, referenced 3, wired 2,
/// writable 1, valid 0. The machine is imagined: the textbook's simplest.
/// </summary>
internal readonly struct FlatFormat : IRadixFormat
{
    private const uint Valid = 1;
    private const uint Writable = 2;
    private const int FlagShift = 2;
    private const uint Referenced = (uint)PmapFlags.Referenced << FlagShift;
    private const uint Modified = (uint)PmapFlags.Modified << FlagShift;

    public static int Levels => 1;

    public static int EntryShift => 2;

    public static PageFrameNumber FrameLimit => new(1UL << 20);

    public static int IndexBits(int level) => 20;

    public static int IndexShift(int level) => level == 1 ? PageSize.Base.Shift : 32;

    public static bool IsTable(ulong entry, int level) => false;

    public static PhysicalAddress TableOf(ulong entry, int level) => default;

    public static ulong EncodeTable(PhysicalAddress table, int level) => 0;

    public static ulong EncodePage(PageFrameNumber frame, Protection rights, PmapFlags flags) =>
        frame.Address.Value | ((ulong)flags << FlagShift) | Valid | (rights.Allows(Protection.Write) ? Writable : 0);

    public static PmapMapping DecodePage(VirtualAddress address, ulong entry) => TablePte.Decode(address, Widen((uint)entry));

    /// <summary>The entry as all walkers here know it.</summary>
    public static ulong Widen(uint entry)
    {
        bool isDirty = (entry & (Writable | Modified)) == (Writable | Modified);
        ulong flags = ((ulong)(entry >> FlagShift) & 7) * TablePte.Wired;
        return (new PhysicalAddress(entry).Frame.Value << TablePte.FrameShift) | TablePte.Cacheable | flags
            | ((entry & Valid) != 0 ? TablePte.Valid : 0) | ((entry & Writable) != 0 ? TablePte.Writable : 0) | (isDirty ? TablePte.Dirty : 0);
    }

    /// <summary>The entry at an address, out of the eight bytes that hold it.</summary>
    public static uint HalfOf(ulong word, PhysicalAddress at) => (uint)(word >> (int)((at.Value & 4) << 3));

    public static void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore) =>
        memory.Write32(at, memory.Read32(at) | Referenced | (isStore ? Modified : 0));
}
