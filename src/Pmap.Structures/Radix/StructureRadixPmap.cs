using System.Diagnostics.CodeAnalysis;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>The pmap over tables that are indexed by the address: forward-mapped, linear in virtual space, and the flat array.</summary>
internal sealed class StructureRadixPmap<TFormat> : RadixPmap<TFormat>
    where TFormat : struct, IRadixFormat
{
    private readonly StructureBackend _backend;

    private StructureRadixPmap(StructureBackend backend, PmapSystem system, int id, PhysicalAddress root)
        : base(system, id, root) => _backend = backend;

    private TableRegisters Registers => new(Root.Value);

    /// <inheritdoc/>
    public override Mmu? CreateView() => _backend.CreateView(Memory, Registers);

    /// <inheritdoc/>
    public override TranslationRoot? DescribeRoot() => _backend.Machine.DescribeRoot(this, _backend.Options.AddressBits);

    /// <inheritdoc/>
    public override Mmu? CreateDescribedView() => _backend.Machine.CreateDescribedView(this, _backend.Options.AddressBits);

    /// <inheritdoc/>
    public override void Destroy()
    {
        StructureMmu.Unload(Owner.Machine, Registers);
        base.Destroy();
    }

    internal static bool TryCreate(StructureBackend backend, PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap)
    {
        pmap = TryTakeRoot(system, out PhysicalAddress root) ? new StructureRadixPmap<TFormat>(backend, system, id, root) : null;
        return pmap is not null;
    }

    /// <inheritdoc/>
    protected override void Load(Cpu cpu) => ((StructureMmu)cpu.Mmu).Load(Registers, Tag);

    /// <inheritdoc/>
    protected override void ReleaseEmptyTables()
    {
        base.ReleaseEmptyTables();

        // The linear table's pages are mapped themselves, and their translations are nobody's to invalidate but ours.
        foreach (Cpu cpu in Owner.Machine.Cpus)
        {
            ((StructureMmu)cpu.Mmu).ForgetTables();
        }
    }

    /// <inheritdoc/>
    protected override PmapFlags SeedBits(AccessKind? access) => StructureBackend.SeedBits(access);
}
