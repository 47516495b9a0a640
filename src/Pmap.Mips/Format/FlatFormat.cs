namespace BsdVm.Mips;

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
        (frame.Value << PageSize.Base.Shift) | ((ulong)flags << FlagShift) | Valid | (rights.Allows(Protection.Write) ? Writable : 0);

    public static PmapMapping DecodePage(VirtualAddress address, ulong entry) => MipsPte.Decode(address, Widen((uint)entry));

    /// <summary>The entry as all walkers here know it.</summary>
    public static ulong Widen(uint entry)
    {
        bool isDirty = (entry & (Writable | Modified)) == (Writable | Modified);
        ulong flags = ((ulong)(entry >> FlagShift) & 7) * MipsPte.Wired;
        return ((ulong)(entry >> PageSize.Base.Shift) << MipsPte.FrameShift) | MipsPte.Cacheable | flags
            | ((entry & Valid) != 0 ? MipsPte.Valid : 0) | ((entry & Writable) != 0 ? MipsPte.Writable : 0) | (isDirty ? MipsPte.Dirty : 0);
    }

    public static void Mark(PhysicalMemory memory, ulong at, bool isStore) =>
        memory.Write32(new(at), memory.Read32(new(at)) | Referenced | (isStore ? Modified : 0));
}
