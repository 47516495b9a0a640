using System.Collections.Immutable;

namespace BsdVm;

/// <summary>
/// What the tables of one pmap take now. Where several pmaps share one table (hashed, inverted), it is the table's, in each.
/// </summary>
public sealed record PmapTableUse
{
    /// <summary>Bytes of nodes, entries and bucket heads in use.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of those, heads of hash buckets.</summary>
    public long HeadBytes { get; init; }

    /// <summary>Bytes by level, the root first; one element where there are no levels.</summary>
    public ImmutableArray<long> BytesByLevel { get; init; } = [];

    /// <summary>Entries in use of a hash table; 0 for trees.</summary>
    public long Entries { get; init; }

    /// <summary>Buckets, or slots, of a hash table; 0 for trees.</summary>
    public long Buckets { get; init; }

    /// <summary>Entries that were moved to another place so far.</summary>
    public long Moved { get; init; }

    /// <summary>How often the table was made larger or smaller.</summary>
    public long Resizes { get; init; }

    /// <summary>Buckets by the length of their chain, from 0; empty for trees.</summary>
    public ImmutableArray<long> ChainHistogram { get; init; } = [];

    /// <summary>This and the tables of another pmap together.</summary>
    public PmapTableUse And(PmapTableUse other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            Bytes = Bytes + other.Bytes,
            HeadBytes = HeadBytes + other.HeadBytes,
            BytesByLevel = Sum(BytesByLevel, other.BytesByLevel),
            Entries = Entries + other.Entries,
            Buckets = Buckets + other.Buckets,
            Moved = Moved + other.Moved,
            Resizes = Resizes + other.Resizes,
            ChainHistogram = Sum(ChainHistogram, other.ChainHistogram),
        };
    }

    private static ImmutableArray<long> Sum(ImmutableArray<long> left, ImmutableArray<long> right) =>
        [.. Enumerable.Range(0, Math.Max(left.Length, right.Length)).Select(i => At(left, i) + At(right, i))];

    private static long At(ImmutableArray<long> values, int index) => index < values.Length ? values[index] : 0;
}
