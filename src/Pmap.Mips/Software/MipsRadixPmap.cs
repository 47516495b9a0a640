using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Mips;

/// <summary>The pmap over tables that are indexed by the address: forward-mapped, linear in virtual space, and the flat array.</summary>
internal sealed class MipsRadixPmap<TFormat> : RadixPmap<TFormat>
    where TFormat : struct, IRadixFormat
{
    private readonly MipsMachine _machine;

    private MipsRadixPmap(PmapSystem system, int id, PhysicalAddress root, MipsMachine machine)
        : base(system, id, root) => _machine = machine;

    private TableRegisters Registers => new(Root.Value);

    /// <inheritdoc/>
    public override Mmu? CreateView() => _machine.CreateView(Memory, Registers);

    /// <inheritdoc/>
    public override TranslationRoot? DescribeRoot() => _machine.DescribeRoot(this);

    /// <summary>The processor with the entries that <see cref="DescribeRoot"/> lists, and no handler to load others.</summary>
    public override Mmu? CreateDescribedView() => DescribeRoot() is { } root ? new TlbImageMmu(root, Tag) : null;

    /// <inheritdoc/>
    public override void Destroy()
    {
        MipsMmu.Unload(Owner.Machine, Registers);
        base.Destroy();
    }

    internal static bool TryCreate(PmapSystem system, int id, MipsMachine machine, [NotNullWhen(true)] out Pmap? pmap)
    {
        pmap = TryTakeRoot(system, out PhysicalAddress root) ? new MipsRadixPmap<TFormat>(system, id, root, machine) : null;
        return pmap is not null;
    }

    /// <inheritdoc/>
    protected override void Load(Cpu cpu) => ((MipsMmu)cpu.Mmu).Load(Registers, Tag);

    /// <inheritdoc/>
    protected override void ReleaseEmptyTables()
    {
        base.ReleaseEmptyTables();

        // The linear table's pages are mapped themselves, and their translations are nobody's to invalidate but ours.
        foreach (Cpu cpu in Owner.Machine.Cpus)
        {
            ((MipsMmu)cpu.Mmu).ForgetTables();
        }
    }

    /// <inheritdoc/>
    protected override PmapFlags SeedBits(AccessKind? access) => MipsMachine.SeedBits(access);
}
