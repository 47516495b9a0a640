namespace BsdVm.X86;

/// <summary>What the walker needs to know of an x86 table format beyond <see cref="IRadixFormat"/>.</summary>
public interface IX86Format : IRadixFormat
{
    /// <summary>The format's name, as <c>--pmap</c> takes it.</summary>
    static abstract string Name { get; }

    /// <summary>The architecture's name in <see cref="TranslationRoot"/>.</summary>
    static abstract string Architecture { get; }

    /// <summary>Root tables lie below this frame: CR3 may hold fewer address bits than an entry.</summary>
    static abstract PageFrameNumber RootFrameLimit { get; }

    /// <summary>Whether entries have XD, and fetches are told from loads in the error code.</summary>
    static abstract bool HasExecuteDisable { get; }

    /// <summary>Whether entries that map user pages have a protection key.</summary>
    static abstract bool HasProtectionKeys { get; }

    /// <summary>
    /// Whether the entries of the highest level are registers that a load of CR3 fills: no walk reads them, and they have no A.
    /// </summary>
    static abstract bool HasPointerRegisters { get; }

    /// <summary>Whether CR4.PCIDE exists: bits 11:0 of CR3 tag what the TLBs keep.</summary>
    static abstract bool HasProcessContexts { get; }

    /// <summary>The manual's name of an entry of the level.</summary>
    static abstract string EntryName(int level);

    /// <summary>The manual's name of a table of the level.</summary>
    static abstract string TableName(int level);

    /// <summary>Whether the walker translates the address at all; it faults before any walk otherwise.</summary>
    static abstract bool IsTranslatable(ulong address);

    /// <summary>The root table that CR3 leads to.</summary>
    static abstract PhysicalAddress RootOf(ulong cr3);

    /// <summary>Whether a present entry above level 1 maps a large page under these registers.</summary>
    static abstract bool IsLarge(ulong entry, int level, in X86Registers registers);

    /// <summary>The bits that must be 0 in a present entry of the level.</summary>
    static abstract ulong ReservedBits(int level, bool isLarge, in X86Registers registers);

    /// <summary>The physical address of the page that an entry maps, 4 KB at level 1, a large page above.</summary>
    static abstract ulong PageBase(ulong entry, int level);

    /// <summary>An entry above level 1 that maps a large page.</summary>
    /// <param name="page">The page's address, aligned to its size.</param>
    /// <param name="level">The level.</param>
    /// <param name="flags">Its bits; <see cref="X86EntryFlags.PageSize"/> is added.</param>
    static abstract ulong EncodeLarge(PhysicalAddress page, int level, X86EntryFlags flags);
}
