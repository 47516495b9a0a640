using System.Diagnostics.CodeAnalysis;

namespace BsdVm.X86;

/// <summary>The software half: writes x86 tables into physical memory. Source: 4.4BSD and FreeBSD <c>i386/pmap.c</c>.</summary>
/// <typeparam name="TFormat">The tables' format.</typeparam>
public sealed partial class X86Pmap<TFormat> : RadixPmap<TFormat>
    where TFormat : struct, IX86Format
{
    private X86Pmap(PmapSystem system, int id, PhysicalAddress root)
        : base(system, id, root)
    {
    }

    /// <inheritdoc/>
    public override Mmu? CreateView() => new X86Mmu<TFormat>(Memory) { Cr3 = Root.Value };

    /// <summary>CR3 without a PCID, and the control bits that the tables count on.</summary>
    public override TranslationRoot? DescribeRoot() => TFormat.HasExecuteDisable
        ? new(TFormat.Architecture, ("cr3", Root.Value), ("wp", 1UL), ("nx", 1UL))
        : new(TFormat.Architecture, ("cr3", Root.Value), ("wp", 1UL), ("pse", 1UL));

    /// <summary>Without PCIDs and protection keys, of which the root says nothing: an execute-only page can be read.</summary>
    public override Mmu? CreateDescribedView() =>
        new X86Mmu<TFormat>(Memory) { Registers = new() { Cr3 = Root.Value, Pcide = false, Pke = false } };

    /// <summary>
    /// Puts a large page into a table above the page tables, for pictures and tests of what the hardware does with one.
    /// It is outside the pmap contract: no page list knows it, and base pages cannot be entered beside it.
    /// </summary>
    /// <param name="address">Its first address, aligned to the large page's size.</param>
    /// <param name="page">The memory, as aligned.</param>
    /// <param name="flags">The entry's bits; present and PS are added.</param>
    /// <param name="level">The level of the entry: 2 for 4 MB (two levels) or 2 MB, 3 for 1 GB (four levels).</param>
    /// <returns>False if tables above could not be taken.</returns>
    /// <exception cref="ArgumentException">Something is mapped there, an address is not aligned, or no entry of the level maps pages.</exception>
    public bool TryEnterLarge(VirtualAddress address, PhysicalAddress page, X86EntryFlags flags, int level = 2)
    {
        ulong size = LargeBytes(level);
        if (((address.Value | page.Value) & (size - 1)) != 0 || address.Value >= Owner.Backend.Capabilities.UserLimit)
        {
            throw new ArgumentException($"A large page at {address} is not aligned or out of range.", nameof(address));
        }

        return TryWriteAbovePages(address, TFormat.EncodeLarge(page, level, flags | X86EntryFlags.Present), level);
    }

    /// <summary>Takes out what <see cref="TryEnterLarge"/> put in. The TLBs are owed an invalidation.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public void RemoveLarge(VirtualAddress address, int level = 2)
    {
        if (!TryWriteAbovePages(address, 0, level))
        {
            throw new ArgumentException($"No large page at {address}.", nameof(address));
        }

        Owner.OweInvalidation(this, new AddressRange(address, LargeBytes(level)));
    }

    /// <summary>Makes an empty pmap. False, and no frame taken, if there is none for its first tables.</summary>
    /// <param name="system">Of which machine.</param>
    /// <param name="id">The number that <see cref="PmapBackend.TryCreatePmap"/> was given.</param>
    /// <param name="pmap">The pmap.</param>
    public static bool TryCreate(PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap)
    {
        pmap = null;
        if (!TryTakeRoot(system, TFormat.RootFrameLimit, out PhysicalAddress root))
        {
            return false;
        }

        var made = new X86Pmap<TFormat>(system, id, root);
        if (TFormat.KeepsRootEntries && !made.TryFillRoot())
        {
            made.Destroy();
            return false;
        }

        pmap = made;
        return true;
    }

    /// <summary>
    /// The access that faulted is about to be made: an entry that says so already spares the hardware its locked updates.
    /// Source: Linux <c>pte_mkyoung</c>, <c>pte_mkdirty</c> in the fault path.
    /// </summary>
    protected override PmapFlags SeedBits(AccessKind? access) => access switch
    {
        null => PmapFlags.None,
        AccessKind.Write => PmapFlags.Referenced | PmapFlags.Modified,
        _ => PmapFlags.Referenced,
    };

    /// <inheritdoc/>
    protected override void Load(Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        var mmu = (X86Mmu<TFormat>)cpu.Mmu;
        if (TFormat.HasProcessContexts)
        {
            mmu.Cr3 = Root.Value | Tag | X86Registers.NoFlush;
            return;
        }

        mmu.Cr3 = Root.Value;
        cpu.Flush(keepGlobal: true);
    }

    private static ulong LargeBytes(int level) =>
        TFormat.IsLarge((ulong)X86EntryFlags.PageSize, level, new X86Registers())
            ? 1UL << TFormat.IndexShift(level)
            : throw new ArgumentOutOfRangeException(nameof(level), $"No entry of level {level} of {TFormat.Name} maps pages.");
}
