using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>A tree whose paths without a choice are left out: each entry has a guard that an address must match.</summary>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Root">The root entry, which the walker keeps; null if the tree is empty.</param>
public sealed record GuardedSnapshot(string Backend, GuardedEntry? Root) : TableSnapshot(Backend)
{
    /// <inheritdoc/>
    public override IEnumerable<MappedPage> Pages => Root is null ? [] : PagesOf(Root);

    private static IEnumerable<MappedPage> PagesOf(GuardedEntry entry) =>
        entry.Below is { } node ? node.Entries.SelectMany(PagesOf) : entry.Page is { } page ? [page] : [];
}

/// <summary>One entry that is in use: a page, or the way to a node.</summary>
/// <param name="Index">Its number in the node; 0 for the root.</param>
/// <param name="At">Where it stands.</param>
/// <param name="Word">Its first word: what it is, and the guard.</param>
/// <param name="Second">Its second word: the page's entry, or the node's address.</param>
/// <param name="Guard">The page number, or its part above the node's index, that an address must have.</param>
/// <param name="Meaning">The entry in words.</param>
public sealed record GuardedEntry(int Index, PhysicalAddress At, ulong Word, ulong Second, ulong Guard, string Meaning)
{
    /// <summary>The page that it maps; null for a node, and for a place that is only kept for a page.</summary>
    public MappedPage? Page { get; init; }

    /// <summary>The node that it leads to; null for a page.</summary>
    public GuardedNode? Below { get; init; }
}

/// <summary>One node: the choice between addresses that differ in its index.</summary>
/// <param name="Base">Where it starts.</param>
/// <param name="LowBit">The lowest bit of a page number that is in its index.</param>
/// <param name="IndexBits">How many bits its index has.</param>
/// <param name="Entries">Its entries that are in use, by index.</param>
public sealed record GuardedNode(PhysicalAddress Base, int LowBit, int IndexBits, ImmutableArray<GuardedEntry> Entries);
