using System.Diagnostics.CodeAnalysis;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>A structure over the tables of <see cref="NineBitFormat{TLevels}"/>, with as many levels as the address bits need.</summary>
internal abstract class LevelledStructure : TableStructure
{
    public sealed override StructureMmu CreateMmu(StructureMachine machine, PhysicalMemory memory, StructureOptions options) =>
        LevelsFor(options.AddressBits) switch
        {
            4 => CreateMmu<FourLevels>(machine, memory, options.AddressBits),
            5 => CreateMmu<FiveLevels>(machine, memory, options.AddressBits),
            _ => CreateMmu<SixLevels>(machine, memory, options.AddressBits),
        };

    public sealed override bool TryCreatePmap(StructureBackend backend, PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap) =>
        LevelsFor(backend.Options.AddressBits) switch
        {
            4 => StructureRadixPmap<NineBitFormat<FourLevels>>.TryCreate(backend, system, id, out pmap),
            5 => StructureRadixPmap<NineBitFormat<FiveLevels>>.TryCreate(backend, system, id, out pmap),
            _ => StructureRadixPmap<NineBitFormat<SixLevels>>.TryCreate(backend, system, id, out pmap),
        };

    protected abstract StructureMmu CreateMmu<TLevels>(StructureMachine machine, PhysicalMemory memory, int addressBits)
        where TLevels : struct, ILevels;

    // The levels of 9 bits that the bits above a page need.
    private static int LevelsFor(int addressBits) => Math.Max(4, (addressBits - PageSize.Base.Shift + 8) / 9);
}
