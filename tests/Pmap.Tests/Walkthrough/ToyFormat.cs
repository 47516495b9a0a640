namespace BsdVm.Tests.Walkthrough;

/// <summary>Bit 0: valid; 1 to 3: read, write, execute; 4: software; 5: accessed; 6: dirty; 12 to 39: frame. No rights: a table.</summary>
public readonly struct ToyFormat : IRadixFormat
{
    public static int Levels => 2;
    public static int EntryShift => 3;
    public static PageFrameNumber FrameLimit => new(1UL << 28);
    public static int IndexBits(int level) => level == 1 ? 9 : 11;
    public static int IndexShift(int level) => level == 1 ? 12 : 21;
    public static bool IsTable(ulong entry, int level) => (entry & 0xF) == 1;
    public static PhysicalAddress TableOf(ulong entry, int level) => new(entry & TlbFlagsExtensions.PageMask);
    public static ulong EncodeTable(PhysicalAddress table, int level) => table.Value | 1;
    public static ulong EncodePage(PageFrameNumber frame, Protection rights, PmapFlags flags) =>
        frame.Address.Value | ((ulong)flags << 4) | ((ulong)rights << 1) | 1;
    public static PmapMapping DecodePage(VirtualAddress address, ulong entry) =>
        new(address, new(entry >> 12), (Protection)(entry >> 1 & 7), (PmapFlags)(entry >> 4 & 7));
}
