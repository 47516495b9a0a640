namespace BsdVm.Structures;

/// <summary>The inverted table. See <see cref="InvertedWalk"/>.</summary>
internal sealed class InvertedStructure : StoredStructure<InvertedWalk>
{
    public override string Name => "inverted";

    public override string Description => "an inverted table of 16-byte entries with anchors";

    public override bool IsSizedByFrames => true;

    protected override TableStore CreateStore(PmapSystem system, StructureOptions options) => new InvertedStore(system);
}
