using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>The machine around a table structure: who walks the tables when a TLB misses. It holds no state.</summary>
public abstract class StructureMachine
{
    /// <summary>What stands before a structure's name for this machine; empty for none.</summary>
    public abstract string Prefix { get; }

    /// <summary>Who walks, as in "a hash table, under <i>a hardware walker</i>".</summary>
    public abstract string Description { get; }

    /// <summary>Whether hardware records uses and stores in the entries; otherwise they trap.</summary>
    public abstract bool KeepsBits { get; }

    /// <summary>Names of models with so many address bits, in place of <c>segN</c>.</summary>
    public virtual IReadOnlyDictionary<string, int> Models { get; } = new Dictionary<string, int>();

    /// <summary>Whether a structure can be walked.</summary>
    public virtual bool Takes(TableStructure structure) => true;

    /// <summary>Makes the walker of a processor.</summary>
    /// <typeparam name="TWalk">The structure's walk.</typeparam>
    /// <param name="memory">Where the tables are.</param>
    /// <param name="addressBits">Bits of a user address.</param>
    public abstract StructureMmu CreateMmu<TWalk>(PhysicalMemory memory, int addressBits)
        where TWalk : struct, ITableWalk;

    /// <summary>What <see cref="Pmap.DescribeRoot"/> tells of a pmap on this machine.</summary>
    public virtual TranslationRoot? DescribeRoot(Pmap pmap, int addressBits) => null;

    /// <summary>What <see cref="Pmap.CreateDescribedView"/> makes for a pmap on this machine.</summary>
    public virtual Mmu? CreateDescribedView(Pmap pmap, int addressBits) => null;
}
