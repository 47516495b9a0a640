using System.Numerics;


namespace BsdVm.Lab.Tests;

/// <summary>
/// Hash chains written out naively: new entries come first, and when there are more buckets all pages are entered anew in order. An entry
/// stands for a block of 2^factor pages.
/// </summary>
internal sealed class ChainModel(int factor, int leastBuckets)
{
    private const ulong FirstSpace = 1;

    private readonly SortedSet<ulong> _pages = [];
    private List<ulong>[] _buckets = MakeBuckets(Math.Max(16, leastBuckets));
    private int _frames = 16;

    /// <summary>Enters a page unless it is there.</summary>
    public void Enter(ulong page)
    {
        if (_pages.Add(page))
        {
            Grow(page);
            Insert(page);
        }
    }

    /// <summary>References of a walk for a page: the head, and entries up to that of the page, or all.</summary>
    public int References(ulong page)
    {
        List<ulong> chain = ChainOf(page);
        int place = chain.IndexOf(page >> factor);
        return 1 + (place < 0 ? chain.Count : place + 1);
    }

    /// <summary>Buckets by the length of their chain.</summary>
    public long[] Histogram() =>
        [.. Enumerable.Range(0, _buckets.Max(static chain => chain.Count) + 1).Select(length =>
             _buckets.LongCount(chain => chain.Count == length))];

    private static List<ulong>[] MakeBuckets(int count) => [.. Enumerable.Range(0, count).Select(static _ => new List<ulong>())];

    // The hash that the structures document, over page and space number.
    private static ulong Mix(ulong tag)
    {
        ulong word = BitOperations.RotateRight(tag, 12);
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return word ^ (word >> 31);
    }

    private void Grow(ulong newest)
    {
        if (2 * _pages.Count <= _frames)
        {
            return;
        }

        _frames *= 2;
        _buckets = MakeBuckets(Math.Max(_frames, leastBuckets));
        foreach (ulong page in _pages.Where(page => page != newest))
        {
            Insert(page);
        }
    }

    private void Insert(ulong page)
    {
        List<ulong> chain = ChainOf(page);
        if (!chain.Contains(page >> factor))
        {
            chain.Insert(0, page >> factor);
        }
    }

    private List<ulong> ChainOf(ulong page)
    {
        ulong tag = (page >> factor << factor << 12) | FirstSpace;
        ulong key = factor == 0 ? tag : (tag >> factor) ^ (tag << 52);
        return _buckets[Mix(key) >> (64 - BitOperations.Log2((uint)_buckets.Length))];
    }
}
