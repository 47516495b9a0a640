namespace BsdVm.X86;

/// <summary>
/// IA-32 paging without PAE: a page directory of 1024 PDEs over page tables of 1024 PTEs, 4 bytes each; a PDE with PS maps 4 MB if
/// CR4.PSE=1, then with physical address bits 39:32 in bits 20:13 (PSE-36). No XD: what can be read can be fetched.
/// Source: Intel SDM volume 3, 32-bit paging.
/// </summary>
public readonly struct X86TwoLevel : IX86Format
{
    private const ulong FrameMask = 0xFFFFF000;
    private const ulong LargeMask = 0xFFC00000;

    /// <inheritdoc/>
    public static string Name => "x86-2level";

    /// <inheritdoc/>
    public static string Architecture => "ia32";

    /// <inheritdoc/>
    public static int Levels => 2;

    /// <inheritdoc/>
    public static int EntryShift => 2;

    /// <inheritdoc/>
    public static PageFrameNumber FrameLimit => new(1UL << 20);

    /// <inheritdoc/>
    public static PageFrameNumber RootFrameLimit => FrameLimit;

    /// <inheritdoc/>
    public static bool HasExecuteDisable => false;

    /// <inheritdoc/>
    public static bool HasProtectionKeys => false;

    /// <inheritdoc/>
    public static bool HasPointerRegisters => false;

    /// <inheritdoc/>
    public static bool HasProcessContexts => false;

    /// <inheritdoc/>
    public static int IndexBits(int level) => 10;

    /// <inheritdoc/>
    public static int IndexShift(int level) => 2 + (10 * level);

    /// <inheritdoc/>
    public static string EntryName(int level) => level == 2 ? "PDE" : "PTE";

    /// <inheritdoc/>
    public static string TableName(int level) => level == 2 ? "page directory" : "page table";

    /// <inheritdoc/>
    public static bool IsTranslatable(ulong address) => address >> 32 == 0;

    /// <inheritdoc/>
    public static PhysicalAddress RootOf(ulong cr3) => new(cr3 & FrameMask);

    /// <inheritdoc/>
    public static bool IsTable(ulong entry, int level) =>
        (entry & (ulong)(X86EntryFlags.Present | X86EntryFlags.PageSize)) == (ulong)X86EntryFlags.Present;

    /// <inheritdoc/>
    public static PhysicalAddress TableOf(ulong entry, int level) => new(entry & FrameMask);

    /// <inheritdoc/>
    public static bool IsLarge(ulong entry, int level, in X86Registers registers) =>
        level == 2 && registers.Pse && (entry & (ulong)X86EntryFlags.PageSize) != 0;

    /// <inheritdoc/>
    public static ulong ReservedBits(int level, bool isLarge, in X86Registers registers)
    {
        if (!isLarge)
        {
            return 0;
        }

        // Bit 21, and of the bits 20:13 those that would name address bits that the processor does not have.
        int above32 = Math.Clamp(registers.PhysicalAddressBits - 32, 0, 8);
        return (1UL << 21) | (0x1FE000UL & (0x1FE000UL << above32));
    }

    /// <inheritdoc/>
    public static ulong PageBase(ulong entry, int level) =>
        level == 1 ? entry & FrameMask : (entry & LargeMask) | ((entry & 0x1FE000) << 19);

    /// <inheritdoc/>
    public static ulong EncodeTable(PhysicalAddress table, int level) =>
        table.Value | (ulong)(X86EntryFlags.Present | X86EntryFlags.Writable | X86EntryFlags.User);

    /// <inheritdoc/>
    public static ulong EncodeLarge(PhysicalAddress page, int level, X86EntryFlags flags) =>
        (page.Value & LargeMask) | (page.Value >> 32 << 13) | (ulong)(flags | X86EntryFlags.PageSize);

    /// <inheritdoc/>
    public static ulong EncodePage(PageFrameNumber frame, Protection rights, PmapFlags flags) =>
        frame.Address.Value | X86Leaf.Encode(rights, flags);

    /// <inheritdoc/>
    public static PmapMapping DecodePage(VirtualAddress address, ulong entry) =>
        new(address, new PhysicalAddress(entry & FrameMask).Frame, X86Leaf.Rights(entry) | Protection.Execute, X86Leaf.Flags(entry));

    /// <inheritdoc/>
    public static ulong Promote(ulong entry) => X86Leaf.Promote(entry);

    /// <inheritdoc/>
    public static ulong Piece(ulong large, int index) => X86Leaf.Piece(large, index);
}
