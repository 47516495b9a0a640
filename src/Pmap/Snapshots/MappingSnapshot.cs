using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>The mappings of a pmap that has no tables in memory.</summary>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Mappings">The mappings, in address order.</param>
public sealed record MappingSnapshot(string Backend, ImmutableArray<PmapMapping> Mappings) : TableSnapshot(Backend)
{
    /// <inheritdoc/>
    public override IEnumerable<MappedPage> Pages => Mappings.Select(static mapping => new MappedPage(mapping, PageSize.Base));
}
