using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>A hash table: buckets, each with the entries that hang in it. A table of several ways has buckets of one entry.</summary>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Space">The number of the pmap in a table that all spaces share; null for a table of the pmap alone.</param>
/// <param name="BucketCount">Buckets of all ways, used or not.</param>
/// <param name="Buckets">The buckets that are not empty, by way and number.</param>
public sealed record HashSnapshot(string Backend, int? Space, long BucketCount, ImmutableArray<HashBucket> Buckets) : TableSnapshot(Backend)
{
    /// <summary>What the table maps for this pmap: entries of other spaces are in <see cref="Buckets"/> and not here.</summary>
    public override IEnumerable<MappedPage> Pages => Buckets.SelectMany(static bucket => bucket.Chain)
        .Where(entry => entry.Space == Space)
        .SelectMany(static entry => entry.Slots)
        .Select(static slot => slot.Page).OfType<MappedPage>()
        .OrderBy(static page => page.Mapping.Address);
}

/// <summary>One bucket that is not empty.</summary>
/// <param name="Way">The way that it is of, from 0; 0 where there is one.</param>
/// <param name="Index">Its number in the way.</param>
/// <param name="At">Where its head stands, or the entry itself where there are no heads.</param>
/// <param name="Chain">Its entries, in the order in which a walk meets them.</param>
public sealed record HashBucket(int Way, long Index, PhysicalAddress At, ImmutableArray<HashEntry> Chain);

/// <summary>One entry of a bucket.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="Tag">The tag that a walk compares.</param>
/// <param name="Space">The number of the pmap in the tag; null in a table of one pmap alone.</param>
/// <param name="Meaning">The tag and the kind of the entry in words.</param>
/// <param name="Slots">The entries of its pages that are not zero: one, or those of neighbouring pages.</param>
public sealed record HashEntry(PhysicalAddress At, ulong Tag, int? Space, string Meaning, ImmutableArray<TableEntry> Slots);
