using System.Numerics;

namespace BsdVm.Structures;

/// <summary>The hash table of several pages an entry. See <see cref="ClusteredWalk"/>.</summary>
internal sealed class ClusteredStructure : StoredStructure<ClusteredWalk>
{
    public override string Name => "clustered";

    public override string Description => "a hash table whose entries hold several neighbouring pages";

    public override StructureParameter Parameter { get; } = new("pages an entry", 2, 32, 16, IsPowerOfTwo: true);

    public override bool IsSizedByFrames => true;

    protected override TableStore CreateStore(PmapSystem system, StructureOptions options) =>
        new ChainedStore(system, BitOperations.Log2((uint)options.Parameter));
}
