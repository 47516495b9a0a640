namespace BsdVm.X86;

/// <summary>
/// IA-32 paging with PAE: four PDPTEs, which the processor keeps in registers, over page directories and page tables of 512 entries of
/// 8 bytes; PS in a PDE maps 2 MB, whatever CR4.PSE says; XD in PDEs and PTEs if EFER.NXE=1. Source: Intel SDM volume 3, PAE paging.
/// </summary>
/// <remarks>
/// The PDPTEs are read when CR3 is loaded and never in a walk, so a page directory that comes later would need a reload on every processor.
/// The pmap takes the directories of all user space at once when it is made, and keeps them, as Linux (<c>preallocate_pmds</c>) and FreeBSD
/// (<c>NPGPTD</c>) do: the registers never go stale.
/// </remarks>
public readonly struct X86Pae : IX86Format
{
    private const ulong FrameMask = 0x000F_FFFF_FFFF_F000;
    private const ulong PointerReserved = 0x1E6;
    private const int PointerLevel = 3;

    /// <inheritdoc/>
    public static string Name => "x86-pae";

    /// <inheritdoc/>
    public static string Architecture => "pae";

    /// <inheritdoc/>
    public static int Levels => 3;

    /// <inheritdoc/>
    public static int EntryShift => 3;

    /// <summary>64 GB: the 36 address bits of the first processors with PAE.</summary>
    public static PageFrameNumber FrameLimit => new(1UL << 24);

    /// <summary>4 GB: CR3 has 32 bits.</summary>
    public static PageFrameNumber RootFrameLimit => new(1UL << 20);

    /// <inheritdoc/>
    public static bool HasExecuteDisable => true;

    /// <inheritdoc/>
    public static bool HasProtectionKeys => false;

    /// <inheritdoc/>
    public static bool HasPointerRegisters => true;

    /// <inheritdoc/>
    public static bool HasProcessContexts => false;

    /// <inheritdoc/>
    public static bool KeepsRootEntries => true;

    /// <inheritdoc/>
    public static int IndexBits(int level) => level == PointerLevel ? 2 : 9;

    /// <inheritdoc/>
    public static int IndexShift(int level) => 3 + (9 * level);

    /// <inheritdoc/>
    public static string EntryName(int level) => level switch
    {
        PointerLevel => "PDPTE",
        2 => "PDE",
        _ => "PTE",
    };

    /// <inheritdoc/>
    public static string TableName(int level) => level switch
    {
        PointerLevel => "page-directory-pointer table",
        2 => "page directory",
        _ => "page table",
    };

    /// <inheritdoc/>
    public static bool IsTranslatable(ulong address) => address >> 32 == 0;

    /// <summary>CR3 31:5: the table of four is aligned to its 32 bytes.</summary>
    public static PhysicalAddress RootOf(ulong cr3) => new(cr3 & 0xFFFF_FFE0);

    /// <inheritdoc/>
    public static bool IsTable(ulong entry, int level) =>
        (entry & (ulong)(X86EntryFlags.Present | X86EntryFlags.PageSize)) == (ulong)X86EntryFlags.Present;

    /// <inheritdoc/>
    public static PhysicalAddress TableOf(ulong entry, int level) => new(entry & FrameMask);

    /// <inheritdoc/>
    public static bool IsLarge(ulong entry, int level, in X86Registers registers) =>
        level == 2 && (entry & (ulong)X86EntryFlags.PageSize) != 0;

    /// <summary>
    /// Of a PDPTE, bits 2:1, 8:5 and 63:M, with which the load of CR3 fails; of the others, 62:M, XD with NXE=0, and 20:13 of 2 MB pages.
    /// </summary>
    public static ulong ReservedBits(int level, bool isLarge, in X86Registers registers)
    {
        ulong above = ulong.MaxValue << registers.PhysicalAddressBits;
        if (level == PointerLevel)
        {
            return above | PointerReserved;
        }

        ulong reserved = registers.Nxe ? above & ~(ulong)X86EntryFlags.ExecuteDisable : above;
        return isLarge ? reserved | ((1UL << IndexShift(level)) - 0x2000) : reserved;
    }

    /// <inheritdoc/>
    public static ulong PageBase(ulong entry, int level) => entry & FrameMask & ~((1UL << IndexShift(level)) - 1);

    /// <summary>A PDPTE has no rights of its own: only P and the address.</summary>
    public static ulong EncodeTable(PhysicalAddress table, int level) => table.Value | (ulong)(level == PointerLevel
        ? X86EntryFlags.Present
        : X86EntryFlags.Present | X86EntryFlags.Writable | X86EntryFlags.User);

    /// <inheritdoc/>
    public static ulong EncodeLarge(PhysicalAddress page, int level, X86EntryFlags flags) =>
        page.Value | (ulong)(flags | X86EntryFlags.PageSize);

    /// <inheritdoc/>
    public static ulong EncodePage(PageFrameNumber frame, Protection rights, PmapFlags flags)
    {
        ulong entry = frame.Address.Value | X86Leaf.Encode(rights, flags);
        return rights.Allows(Protection.Execute) ? entry : entry | (ulong)X86EntryFlags.ExecuteDisable;
    }

    /// <inheritdoc/>
    public static PmapMapping DecodePage(VirtualAddress address, ulong entry)
    {
        Protection fetch = (entry & (ulong)X86EntryFlags.ExecuteDisable) == 0 ? Protection.Execute : Protection.None;
        return new(address, new PhysicalAddress(entry & FrameMask).Frame, X86Leaf.Rights(entry) | fetch, X86Leaf.Flags(entry));
    }

    /// <inheritdoc/>
    public static ulong Promote(ulong entry) => X86Leaf.Promote(entry);

    /// <inheritdoc/>
    public static ulong Piece(ulong large, int index) => X86Leaf.Piece(large, index);
}
