namespace BsdVm.Mips;

/// <summary>The machine around a table structure: who refills the TLB, and how many address bits there are.</summary>
/// <param name="HasWalker">Hardware walks the tables; otherwise software fills the TLB of an R4000.</param>
/// <param name="SegmentBits">Bits of a user address.</param>
/// <param name="CreateMmu">Makes the walker of a processor.</param>
internal sealed record MipsMachine(bool HasWalker, int SegmentBits, Func<PhysicalMemory, MipsMmu> CreateMmu)
{
    /// <summary>What the machine can do: no page refuses fetches, and no page is only for stores.</summary>
    public PmapCapabilities Capabilities(int physicalBits = MipsPte.PhysicalAddressBits) => new()
    {
        // The user segment is the lower half of what the sign of an address divides; 32-bit addresses have no sign.
        VirtualAddressBits = SegmentBits > 32 ? SegmentBits + 1 : SegmentBits,
        PhysicalAddressBits = physicalBits,
        UserLimit = 1UL << SegmentBits,
        PageSizes = [PageSize.Base],
        NoExecute = false,
        ExecuteOnly = false,
        WriteOnly = false,
        HardwareReferenced = HasWalker,
        HardwareModified = HasWalker,
        TagBits = 8,
    };

    /// <summary>A walker outside all processors.</summary>
    public Mmu CreateView(PhysicalMemory memory, in TableRegisters registers)
    {
        MipsMmu view = CreateMmu(memory);
        view.Load(registers, 0);
        return view;
    }

    /// <summary>The entries that the refill handler would load for a pmap's mappings; null where hardware walks.</summary>
    public TranslationRoot? DescribeRoot(Pmap pmap) => HasWalker ? null : MipsTlbImage.Describe(pmap, SegmentBits);

    /// <summary>The access that is about to be made is recorded at once: by the rules of software-filled TLBs it has to be.</summary>
    public static PmapFlags SeedBits(AccessKind? access) => access switch
    {
        null => PmapFlags.None,
        AccessKind.Write => PmapFlags.Referenced | PmapFlags.Modified,
        _ => PmapFlags.Referenced,
    };
}
