using System.Diagnostics.CodeAnalysis;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// A page-table structure: a static walk over a port (<see cref="ITableWalk"/>), the software that edits the tables, a name with its
/// parameters, and a description. It is no machine's: a hardware walker and a refill handler run the same walk. Most structures derive from
/// <see cref="StoredStructure{TWalk}"/>. It holds no state.
/// </summary>
public abstract class TableStructure
{
    /// <summary>The name, in lower-case letters, digits and hyphens: <c>hashed</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one line without a verb.</summary>
    public abstract string Description { get; }

    /// <summary>The number that may follow the name, as in <c>clustered:8</c>; null for none.</summary>
    public virtual StructureParameter? Parameter => null;

    /// <summary>How many bits of an address it can translate, as in <c>hashed:seg50</c>.</summary>
    public virtual StructureParameter AddressBits { get; } = new("address bits", 40, 62, 48);

    /// <summary>Bits of a physical address that its entries can hold.</summary>
    public virtual int PhysicalAddressBits => TablePte.PhysicalAddressBits;

    /// <summary>Whether its tables are sized once, for the frames of the machine.</summary>
    public virtual bool IsSizedByFrames => false;

    /// <summary>
    /// Makes a processor's walker: <c>machine.CreateMmu&lt;TWalk&gt;(memory, options.AddressBits)</c> with the structure's walk.
    /// </summary>
    public abstract StructureMmu CreateMmu(StructureMachine machine, PhysicalMemory memory, StructureOptions options);

    /// <summary>What all pmaps of a machine share; null for nothing. See <see cref="PmapBackend.CreateState"/>.</summary>
    public virtual object? CreateState(PmapSystem system, StructureOptions options) => null;

    /// <summary>Makes the pmap of an address space. False, and no frame taken, if there is none for its first tables.</summary>
    /// <param name="backend">The structure on its machine.</param>
    /// <param name="system">The machine's pmaps.</param>
    /// <param name="id">The number of the pmap.</param>
    /// <param name="pmap">The pmap.</param>
    public abstract bool TryCreatePmap(StructureBackend backend, PmapSystem system, int id, [NotNullWhen(true)] out Pmap? pmap);
}
