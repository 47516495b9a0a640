using System.Diagnostics.CodeAnalysis;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>A structure whose software half is a <see cref="TableStore"/>: any but trees that the address indexes.</summary>
/// <typeparam name="TWalk">How it is searched.</typeparam>
public abstract class StoredStructure<TWalk> : TableStructure
    where TWalk : struct, ITableWalk
{
    /// <inheritdoc/>
    public sealed override StructureMmu CreateMmu(StructureMachine machine, PhysicalMemory memory, StructureOptions options)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine.CreateMmu<TWalk>(memory, options.AddressBits);
    }

    /// <inheritdoc/>
    public sealed override object CreateState(PmapSystem system, StructureOptions options) =>
        new MachineTables(() => CreateStore(system, options));

    /// <inheritdoc/>
    public sealed override bool TryCreatePmap(StructureBackend backend, PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap)
    {
        ArgumentNullException.ThrowIfNull(system);
        return StoredPmap.TryCreate(backend, system, id, (MachineTables)system.BackendState!, out pmap);
    }

    /// <summary>Makes the store of a table: once a pmap, or once a machine where it <see cref="TableStore.IsShared"/>.</summary>
    protected abstract TableStore CreateStore(PmapSystem system, StructureOptions options);
}
