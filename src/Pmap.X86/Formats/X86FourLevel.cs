namespace BsdVm.X86;

/// <summary>
/// x86-64 paging with four levels: PML4E, PDPTE, PDE, PTE of 8 bytes, 512 a table; PS maps 1 GB in a PDPTE and 2 MB in a PDE; XD at every
/// level if EFER.NXE=1; protection keys in entries that map pages if CR4.PKE=1. Source: Intel SDM volume 3, 4-level paging.
/// </summary>
/// <remarks>
/// Memory that can be fetched and not read is a protection key whose PKRU bits refuse data accesses, as Linux does it:
/// <see cref="ExecuteOnlyKey"/>.
/// </remarks>
public readonly struct X86FourLevel : IX86Format
{
    /// <summary>
    /// The protection key of execute-only mappings. Source: Linux <c>execute_only_pkey </c>, which takes the first free key.
    /// </summary>
    public const int ExecuteOnlyKey = 1;

    private const ulong FrameMask = 0x000F_FFFF_FFFF_F000;
    private const ulong KeyMask = 0xFUL << KeyShift;
    private const int KeyShift = 59;

    /// <inheritdoc/>
    public static string Name => "x86-4level";

    /// <inheritdoc/>
    public static string Architecture => "amd64";

    /// <inheritdoc/>
    public static int Levels => 4;

    /// <inheritdoc/>
    public static int EntryShift => 3;

    /// <inheritdoc/>
    public static PageFrameNumber FrameLimit => new(1UL << 34);

    /// <inheritdoc/>
    public static PageFrameNumber RootFrameLimit => FrameLimit;

    /// <inheritdoc/>
    public static bool HasExecuteDisable => true;

    /// <inheritdoc/>
    public static bool HasProtectionKeys => true;

    /// <inheritdoc/>
    public static bool HasPointerRegisters => false;

    /// <inheritdoc/>
    public static bool HasProcessContexts => true;

    /// <inheritdoc/>
    public static int IndexBits(int level) => 9;

    /// <inheritdoc/>
    public static int IndexShift(int level) => 3 + (9 * level);

    /// <inheritdoc/>
    public static string EntryName(int level) => level switch
    {
        4 => "PML4E",
        3 => "PDPTE",
        2 => "PDE",
        _ => "PTE",
    };

    /// <inheritdoc/>
    public static string TableName(int level) => level switch
    {
        4 => "PML4",
        3 => "page-directory-pointer table",
        2 => "page directory",
        _ => "page table",
    };

    /// <summary>Whether the address is canonical: bits 63:48 equal bit 47.</summary>
    public static bool IsTranslatable(ulong address) => (ulong)((long)(address << 16) >> 16) == address;

    /// <inheritdoc/>
    public static PhysicalAddress RootOf(ulong cr3) => new(cr3 & FrameMask);

    /// <inheritdoc/>
    public static bool IsTable(ulong entry, int level) =>
        (entry & (ulong)(X86EntryFlags.Present | X86EntryFlags.PageSize)) == (ulong)X86EntryFlags.Present;

    /// <inheritdoc/>
    public static PhysicalAddress TableOf(ulong entry, int level) => new(entry & FrameMask);

    /// <inheritdoc/>
    public static bool IsLarge(ulong entry, int level, in X86Registers registers) =>
        level is 2 or 3 && (entry & (ulong)X86EntryFlags.PageSize) != 0;

    /// <inheritdoc/>
    public static ulong ReservedBits(int level, bool isLarge, in X86Registers registers)
    {
        ulong reserved = FrameMask & (ulong.MaxValue << registers.PhysicalAddressBits);
        if (!registers.Nxe)
        {
            reserved |= (ulong)X86EntryFlags.ExecuteDisable;
        }

        if (level == 4)
        {
            reserved |= (ulong)X86EntryFlags.PageSize;
        }

        // The address bits below the page's size, but for bit 12, which is PAT.
        return isLarge ? reserved | ((1UL << IndexShift(level)) - 0x2000) : reserved;
    }

    /// <inheritdoc/>
    public static ulong PageBase(ulong entry, int level) => entry & FrameMask & ~((1UL << IndexShift(level)) - 1);

    /// <inheritdoc/>
    public static ulong EncodeTable(PhysicalAddress table, int level) =>
        table.Value | (ulong)(X86EntryFlags.Present | X86EntryFlags.Writable | X86EntryFlags.User);

    /// <inheritdoc/>
    public static ulong EncodeLarge(PhysicalAddress page, int level, X86EntryFlags flags) =>
        page.Value | (ulong)(flags | X86EntryFlags.PageSize);

    /// <summary>The protection key in bits 62:59 of an entry that maps a page.</summary>
    public static int ProtectionKey(ulong entry) => (int)(entry >> KeyShift) & 15;

    /// <inheritdoc/>
    public static ulong EncodePage(PageFrameNumber frame, Protection rights, PmapFlags flags)
    {
        ulong entry = frame.Address.Value | X86Leaf.Encode(rights, flags);
        if (rights == Protection.Execute)
        {
            return entry | ((ulong)ExecuteOnlyKey << KeyShift);
        }

        return rights.Allows(Protection.Execute) ? entry : entry | (ulong)X86EntryFlags.ExecuteDisable;
    }

    /// <inheritdoc/>
    public static PmapMapping DecodePage(VirtualAddress address, ulong entry)
    {
        Protection rights = (entry & KeyMask) == (ulong)ExecuteOnlyKey << KeyShift ? Protection.None : X86Leaf.Rights(entry);
        if ((entry & (ulong)X86EntryFlags.ExecuteDisable) == 0)
        {
            rights |= Protection.Execute;
        }

        return new(address, new PhysicalAddress(entry & FrameMask).Frame, rights, X86Leaf.Flags(entry));
    }

    /// <inheritdoc/>
    public static ulong Promote(ulong entry) => X86Leaf.Promote(entry);

    /// <inheritdoc/>
    public static ulong Piece(ulong large, int index) => X86Leaf.Piece(large, index);
}
