using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>A tree of tables that parts of the address index: forward-mapped tables, and those behind a linear table.</summary>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Root">The table that the root register names.</param>
public sealed record TreeSnapshot(string Backend, TableNode Root) : TableSnapshot(Backend)
{
    /// <summary>All tables, outermost first, each followed by those below it.</summary>
    public IEnumerable<TableNode> Tables => From(Root);

    /// <inheritdoc/>
    public override IEnumerable<MappedPage> Pages => PagesOf(Root);

    private static IEnumerable<TableNode> From(TableNode table) =>
        table.Entries.Select(static entry => entry.Below).OfType<TableNode>().SelectMany(From).Prepend(table);

    private static IEnumerable<MappedPage> PagesOf(TableNode table) => table.Entries.SelectMany(static entry =>
        entry.Below is { } below ? PagesOf(below) : entry.Page is { } page ? [page] : (IEnumerable<MappedPage>)[]);
}

/// <summary>One table of a tree.</summary>
/// <param name="Name">Its name in the machine's manual: page directory, page table.</param>
/// <param name="Base">Where it starts.</param>
/// <param name="Covers">The virtual addresses that lead through it.</param>
/// <param name="EntryBytes">The size of an entry: 4 or 8.</param>
/// <param name="EntryCount">How many entries it has, used or not.</param>
/// <param name="Entries">Its entries that are not zero, by index.</param>
public sealed record TableNode(
    string Name, PhysicalAddress Base, AddressRange Covers, int EntryBytes, int EntryCount, ImmutableArray<TableEntry> Entries);
