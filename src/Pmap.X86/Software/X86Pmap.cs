namespace BsdVm.X86;

/// <summary>The software half: writes x86 tables into physical memory. Source: 4.4BSD and FreeBSD <c>i386/pmap.c</c>.</summary>
/// <typeparam name="TFormat">The tables' format.</typeparam>
public sealed class X86Pmap<TFormat> : RadixPmap<TFormat>
    where TFormat : struct, IX86Format
{
    private X86Pmap(PmapSystem system, int id, PhysicalAddress root)
        : base(system, id, root)
    {
    }

    /// <inheritdoc/>
    public override Mmu? CreateView() => new X86Mmu<TFormat>(Memory) { Cr3 = Root.Value };

    /// <summary>
    /// Puts a large page (4 MB or 2 MB) into the level above the page tables, for pictures and tests of what the hardware does with one.
    /// It is outside the pmap contract: no page list knows it, and base pages cannot be entered beside it.
    /// </summary>
    /// <param name="address">Its first address, aligned to the large page's size.</param>
    /// <param name="page">The memory, as aligned.</param>
    /// <param name="flags">The entry's bits; present and PS are added.</param>
    /// <returns>False if tables above could not be taken.</returns>
    /// <exception cref="ArgumentException">Something is mapped there, or an address is not aligned.</exception>
    public bool TryEnterLarge(VirtualAddress address, PhysicalAddress page, X86EntryFlags flags)
    {
        ulong size = 1UL << TFormat.IndexShift(2);
        if (((address.Value | page.Value) & (size - 1)) != 0 || address.Value >= Owner.Backend.Capabilities.UserLimit)
        {
            throw new ArgumentException($"A large page at {address} is not aligned or out of range.", nameof(address));
        }

        return TryWriteAbovePages(address, TFormat.EncodeLarge(page, 2, flags | X86EntryFlags.Present));
    }

    /// <summary>Takes out what <see cref="TryEnterLarge"/> put in. The TLBs are owed an invalidation.</summary>
    public void RemoveLarge(VirtualAddress address)
    {
        if (!TryWriteAbovePages(address, 0))
        {
            throw new ArgumentException($"No large page at {address}.", nameof(address));
        }

        Owner.OweInvalidation(this, new AddressRange(address, 1UL << TFormat.IndexShift(2)));
    }

    internal static bool TryCreate(PmapSystem system, int id, out Pmap? pmap)
    {
        pmap = TryTakeRoot(system, out PhysicalAddress root) ? new X86Pmap<TFormat>(system, id, root) : null;
        return pmap is not null;
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
        ((X86Mmu<TFormat>)cpu.Mmu).Cr3 = Root.Value;
        cpu.Flush(keepGlobal: true);
    }
}
