using System.Diagnostics.CodeAnalysis;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>The flat array. See <see cref="FlatFormat"/>.</summary>
internal sealed class FlatStructure : TableStructure
{
    private const int Bits = 32;

    public override string Name => "flat";

    public override string Description => "one array of 4-byte entries for 32 address bits";

    public override StructureParameter AddressBits { get; } = new("address bits", Bits, Bits, Bits);

    public override int PhysicalAddressBits => Bits;

    public override StructureMmu CreateMmu(StructureMachine machine, PhysicalMemory memory, StructureOptions options) =>
        machine.CreateMmu<FlatWalk>(memory, options.AddressBits);

    public override bool TryCreatePmap(StructureBackend backend, PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) =>
        StructureRadixPmap<FlatFormat>.TryCreate(backend, system, id, out pmap);
}
