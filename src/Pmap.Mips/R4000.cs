using BsdVm.Structures;
using BsdVm.Walks;

namespace BsdVm.Mips;

/// <summary>The R4000 as a machine around any table structure for 64-bit addresses: its handler fills the TLB by the structure's walk.</summary>
public sealed class R4000 : StructureMachine
{
    private const int SmallAddressBits = 40;

    private R4000()
    {
    }

    /// <summary>The machine.</summary>
    public static R4000 Instance { get; } = new();

    /// <inheritdoc/>
    public override string Prefix => "mips-";

    /// <inheritdoc/>
    public override string Description => "the software-filled TLB of an R4000";

    /// <inheritdoc/>
    public override bool KeepsBits => false;

    /// <summary>The R4000 itself has 40 address bits; more of them are a machine like it for the addresses of today's programs.</summary>
    public override IReadOnlyDictionary<string, int> Models { get; } = new Dictionary<string, int> { ["r4000"] = SmallAddressBits };

    /// <inheritdoc/>
    public override bool Takes(TableStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.AddressBits.Least >= SmallAddressBits;
    }

    /// <inheritdoc/>
    public override StructureMmu CreateMmu<TWalk>(PhysicalMemory memory, int addressBits) => new RefillMmu<TWalk>(memory, addressBits);

    /// <summary>The entries that the refill handler would load for a pmap's mappings.</summary>
    public override TranslationRoot? DescribeRoot(Pmap pmap, int addressBits) => MipsTlbImage.Describe(pmap, addressBits);

    /// <summary>The processor with the entries that <see cref="DescribeRoot"/> lists, and no handler to load others.</summary>
    public override Mmu? CreateDescribedView(Pmap pmap, int addressBits)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        return DescribeRoot(pmap, addressBits) is { } root ? new TlbImageMmu(root, pmap.Tag) : null;
    }
}
