using BsdVm.Conformance;

namespace BsdVm.Tests.Mips;

/// <summary>The contract on a structure of the MIPS assembly, by name.</summary>
public abstract class MipsConformance(string name) : PmapConformance
{
    protected override int SequenceCount => 12;

    protected override PmapBackend CreateBackend() => Backends.Named(name);
}

/// <summary>One array for all of a 32-bit space.</summary>
public class FlatConformance() : MipsConformance("flat")
{
    protected override int SequenceCount => 4;
}

/// <summary>The linear table, walked by hardware.</summary>
public class LinearWalkerConformance() : MipsConformance("linear");

/// <summary>The forward-mapped table, walked by hardware.</summary>
public class RadixWalkerConformance() : MipsConformance("radix");

/// <summary>The forward-mapped table of six levels.</summary>
public class DeepRadixConformance() : MipsConformance("radix:seg62");

/// <summary>The hashed table, walked by hardware.</summary>
public class HashedWalkerConformance() : MipsConformance("hashed");

/// <summary>The hashed table with all the address bits there are.</summary>
public class LargeHashedConformance() : MipsConformance("hashed:seg62");

/// <summary>The inverted table, walked by hardware.</summary>
public class InvertedWalkerConformance() : MipsConformance("inverted");

/// <summary>The clustered table, walked by hardware.</summary>
public class ClusteredWalkerConformance() : MipsConformance("clustered");

/// <summary>Clusters of two pages.</summary>
public class SmallClusterConformance() : MipsConformance("clustered:2");

/// <summary>The guarded table, walked by hardware.</summary>
public class GuardedWalkerConformance() : MipsConformance("guarded");

/// <summary>The binary guarded table.</summary>
public class BinaryGuardedConformance() : MipsConformance("guarded:1:seg62");

/// <summary>The guarded table of the largest nodes.</summary>
public class WideGuardedConformance() : MipsConformance("guarded:9");

/// <summary>The cuckoo table, walked by hardware.</summary>
public class CuckooWalkerConformance() : MipsConformance("cuckoo");

/// <summary>The cuckoo table with all the address bits there are.</summary>
public class LargeCuckooConformance() : MipsConformance("cuckoo:seg62");

/// <summary>The linear table under software refill.</summary>
public class LinearConformance() : MipsConformance("mips-linear");

/// <summary>The forward-mapped table under software refill.</summary>
public class RadixConformance() : MipsConformance("mips-radix:r4000");

/// <summary>The hashed table under software refill.</summary>
public class HashedConformance() : MipsConformance("mips-hashed");

/// <summary>The inverted table under software refill.</summary>
public class InvertedConformance() : MipsConformance("mips-inverted");

/// <summary>The clustered table under software refill.</summary>
public class ClusteredConformance() : MipsConformance("mips-clustered:32");

/// <summary>The guarded table under software refill.</summary>
public class GuardedConformance() : MipsConformance("mips-guarded:2");

/// <summary>The cuckoo table under software refill.</summary>
public class CuckooConformance() : MipsConformance("mips-cuckoo");
