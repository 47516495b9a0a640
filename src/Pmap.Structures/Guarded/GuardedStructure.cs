namespace BsdVm.Structures;

/// <summary>The guarded table. See <see cref="GuardedWalk"/>.</summary>
internal sealed class GuardedStructure : StoredStructure<GuardedWalk>
{
    public override string Name => "guarded";

    public override string Description => "a guarded table, a tree without the paths that have no choice";

    public override StructureParameter Parameter { get; } = new("index bits of a node", 1, 9, 4);

    protected override TableStore CreateStore(PmapSystem system, StructureOptions options) => new GuardedStore(system, options.Parameter);
}
