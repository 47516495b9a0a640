using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>One array of entries: by page number (a flat table), or in an order of its own (a list that is searched).</summary>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Base">Where the array starts.</param>
/// <param name="EntryBytes">The size of an entry.</param>
/// <param name="EntryCount">How many entries it has room for.</param>
/// <param name="Entries">Its entries that are in use, by index.</param>
public sealed record ArraySnapshot(
    string Backend, PhysicalAddress Base, int EntryBytes, long EntryCount, ImmutableArray<TableEntry> Entries) : TableSnapshot(Backend)
{
    /// <inheritdoc/>
    public override IEnumerable<MappedPage> Pages =>
        Entries.Select(static entry => entry.Page).OfType<MappedPage>().OrderBy(static page => page.Mapping.Address);
}
