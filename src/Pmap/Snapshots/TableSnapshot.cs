namespace BsdVm.Snapshots;

/// <summary>
/// The tables of one pmap as they were at one moment, in the form that their structure has: a tree, buckets, an array. Nothing in it
/// changes, and nothing was counted when it was taken.
/// </summary>
/// <param name="Backend">The name of the backend (<see cref="PmapBackend.Name"/>).</param>
public abstract record TableSnapshot(string Backend)
{
    /// <summary>What the tables map for the pmap, in address order, each page in the size that the tables hold it in.</summary>
    public abstract IEnumerable<MappedPage> Pages { get; }
}

/// <summary>A mapping with the size of its page. A large page is named by its first address and frame.</summary>
/// <param name="Mapping">The mapping.</param>
/// <param name="Size">The size of the page.</param>
public readonly record struct MappedPage(PmapMapping Mapping, PageSize Size);
