namespace BsdVm.Structures;

/// <summary>The elastic cuckoo table. See <see cref="CuckooWalk"/>.</summary>
internal sealed class CuckooStructure : StoredStructure<CuckooWalk>
{
    public override string Name => "cuckoo";

    public override string Description => "an elastic cuckoo table of three ways";

    protected override TableStore CreateStore(PmapSystem system, StructureOptions options) => new CuckooStore(system);
}
