using System.Numerics;


namespace BsdVm.Lab.Tests;

/// <summary>
/// The closed forms of table sizes, from the words of a trace and nothing else. With N pages and A(k) aligned regions of k pages that hold
/// one: radix 4096 a table, hashed 24 N and 8 a bucket, clustered (8s + 16) A(s) and 8 a bucket, inverted 16 a frame, 8 an anchor and 24 an
/// alias, guarded 16 an entry of a node.
/// </summary>
internal sealed class TableSizes
{
    private const long LeastFrames = 16;

    private readonly ulong[] _pages;
    private readonly long _aliases;

    public TableSizes(ulong[] words)
    {
        _pages = [.. words.Select(WordTrace.PageOf).Distinct().Order()];
        Frames = Math.Max(LeastFrames, (long)BitOperations.RoundUpToPowerOf2((ulong)_pages.Length * 2));
        _aliases = CountAliases(words);
    }

    public long Frames { get; }

    public long Pages => _pages.Length;

    public long Radix => 4096 * (1 + Regions(9) + Regions(18) + Regions(27));

    public long Hashed => (24 * Pages) + (8 * Frames);

    public long Inverted => (16 * Frames) + (8 * Math.Max(512, Frames)) + (24 * _aliases);

    public long Clustered(int factorBits) => (((8L << factorBits) + 16) * Regions(factorBits)) + (8 * Frames);

    public long Guarded(int indexBits) => 16 + (GuardedTrie.Nodes(_pages, indexBits) * (16L << indexBits));

    private long Regions(int shift) => _pages.Select(page => page >> shift).Distinct().LongCount();

    // Pages that were only loaded from share the page of zeros: one of them has its frame's entry, the others are aliases, until they are
    // stored to. When there are more frames, all are entered anew.
    private static long CountAliases(ulong[] words)
    {
        var touched = new HashSet<ulong>();
        var zeros = new HashSet<ulong>();
        ulong? owner = null;
        long frames = LeastFrames;
        foreach (ulong word in words)
        {
            ulong page = WordTrace.PageOf(word);
            bool isNew = touched.Add(page);
            if (isNew && 2 * touched.Count > frames)
            {
                frames *= 2;
                owner = zeros.Count > 0 ? zeros.Min() : null;
            }

            if (WordTrace.IsStore(word))
            {
                zeros.Remove(page);
                owner = owner == page ? null : owner;
            }
            else if (isNew)
            {
                zeros.Add(page);
                owner ??= page;
            }
        }

        return zeros.Count - (owner is null ? 0 : 1);
    }
}

/// <summary>
/// A guarded table by its definition: a node stands at the highest bit in which two of its pages differ and indexes that bit and those
/// below it, as many as it has index bits, at least from bit 0.
/// </summary>
internal static class GuardedTrie
{
    /// <summary>Nodes for these pages, in order.</summary>
    public static long Nodes(IReadOnlyList<ulong> pages, int indexBits) =>
        pages.Count < 2 ? 0 : 1 + pages.GroupBy(page => page >> LowBit(pages, indexBits)).Sum(group => Nodes([.. group], indexBits));

    /// <summary>Nodes on the way to one of these pages, which are in order.</summary>
    public static int Depth(IReadOnlyList<ulong> pages, int indexBits, ulong page)
    {
        int depth = 0;
        for (; pages.Count > 1; depth++)
        {
            int low = LowBit(pages, indexBits);
            pages = [.. pages.Where(other => other >> low == page >> low)];
        }

        return depth;
    }

    private static int LowBit(IReadOnlyList<ulong> pages, int indexBits) =>
        Math.Max(0, BitOperations.Log2(pages[0] ^ pages[^1]) - indexBits + 1);
}
