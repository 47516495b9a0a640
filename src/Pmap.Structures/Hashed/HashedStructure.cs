namespace BsdVm.Structures;

/// <summary>The hash table of one page an entry. See <see cref="HashedWalk"/>.</summary>
internal sealed class HashedStructure : StoredStructure<HashedWalk>
{
    public override string Name => "hashed";

    public override string Description => "a hash table of 24-byte entries in chains, one for all spaces";

    public override bool IsSizedByFrames => true;

    protected override TableStore CreateStore(PmapSystem system, StructureOptions options) => new ChainedStore(system, 0);
}
