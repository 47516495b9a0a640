namespace BsdVm.Tests.Tlbs;

/// <summary>TLBs of several page sizes, joint first levels and trees of odd ways against naive models, by random sequences.</summary>
public class PageSizeModelTests
{
    [Theory]
    [InlineData("l1=16x16,l2=64x4,pages=4k+2m")]
    [InlineData("l1=8x2,l2=32x32,pages=4k+2m+1g")]
    [InlineData("l1=12x3,l2=68x68,pages=4k+64k")]
    [InlineData("l1u=16x16,l2=64x4")]
    [InlineData("l1u=3x3,l2=16x2,policy=fifo")]
    [InlineData("l1u=16x4,l2=64x8,pages=4k+2m+1g")]
    public void TheNaiveAnswersAreGiven(string text)
    {
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        var fast = new TlbHierarchy(specification);
        var naive = new NaiveSizedHierarchy(specification);
        var random = new Random(7);
        ulong last = 0;
        for (int step = 0; step < 20_000; step++)
        {
            // Few regions, so that one address is seen in all sizes, and the same page or large page often comes again.
            ulong address = random.Next(4) == 0 ? last ^ ((ulong)random.Next(3) << 12)
                : ((ulong)random.Next(2) << 30) | ((ulong)random.Next(6) << 21) | ((ulong)random.Next(20) << 12);
            last = address;
            uint tag = (uint)random.Next(3);
            switch (random.Next(300))
            {
                case 0:
                    bool keep = random.Next(2) == 0;
                    fast.Flush(keep);
                    naive.Flush(keep);
                    break;
                case < 20:
                    fast.InvalidatePage(address, tag);
                    naive.InvalidatePage(address, tag);
                    break;
                case < 24:
                    InvalidateRange(fast, naive, address, (ulong)random.Next(1, 100), tag);
                    break;
                default:
                    Access(fast, naive, address, tag, (AccessKind)random.Next(3), random, $"{text}, step {step}");
                    break;
            }

            if (step % 4000 == 0)
            {
                if (specification.Pages[^1].Shift < 30)
                {
                    Assert.Equal(InPieces(naive, AccessKind.Read), fast.Data.Entries.Order(EntryOrder));
                    Assert.Equal(InPieces(naive, AccessKind.Execute), fast.Instruction.Entries.Order(EntryOrder));
                }

                Assert.Equal(
                    naive.Kept(AccessKind.Read).Aggregate(0UL, static (sum, one) => sum + (1UL << one.Shift)), fast.Data.ReachBytes);
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(63)]
    [InlineData(100)]
    public void ATreeOfOddWaysSkipsAbsentLeaves(int ways)
    {
        Assert.True(
            TlbSpecification.TryParse($"l1={ways}x{ways},l2=0x0,policy=plru", out TlbSpecification specification, out string error), error);
        var fast = new TlbHierarchy(specification);
        var naive = new NaiveTree(ways);
        var random = new Random(ways);
        for (int step = 0; step < 20_000; step++)
        {
            ulong page = (ulong)random.Next(1, ways + (ways / 2) + 2);
            bool hit = naive.Touch(page);
            Assert.True(hit == (fast.LookupFirst(page << 12, 0, AccessKind.Read) != 0), $"{ways} ways, step {step}.");
            if (!hit)
            {
                fast.Fill(page << 12, 0, AccessKind.Read, (page << 12) | (ulong)TlbFlags.Valid);
            }
        }
    }

    private static void InvalidateRange(TlbHierarchy fast, NaiveSizedHierarchy naive, ulong start, ulong pages, uint tag)
    {
        fast.InvalidateRange(new(new(start), pages << 12), tag);
        for (ulong page = 0; page < pages; page++)
        {
            naive.InvalidatePage(start + (page << 12), tag);
        }
    }

    private static void Access(
        TlbHierarchy fast, NaiveSizedHierarchy naive, ulong address, uint tag, AccessKind access, Random random, string where)
    {
        ulong expected = naive.LookupFirst(address, tag, access);
        Assert.True(expected == fast.LookupFirst(address, tag, access), $"First level, {where}.");

        // A walk finds a page of any size, wherever it lies by now.
        int pageShift = random.Next(3) switch { 0 => 12, 1 => 21, _ => 30 };
        ulong inPage = address & ((1UL << pageShift) - 1);
        ulong walked = ((ulong)random.Next(1, 1000) << 30) | inPage | (ulong)TlbFlags.Valid
            | (random.Next(10) == 0 ? (ulong)TlbFlags.Global : 0);
        if (expected != 0)
        {
            if (random.Next(10) == 0)
            {
                fast.Upgrade(address, tag, access, walked, pageShift);
                naive.Upgrade(address, tag, access, walked, pageShift);
            }

            return;
        }

        expected = naive.LookupSecond(address, tag, out int foundShift);
        Assert.True(expected == fast.LookupSecond(address, tag), $"Second level, {where}.");
        if (expected != 0)
        {
            Assert.Equal(foundShift, fast.SecondPageShift);
            fast.FillFirst(address, tag, access, expected, foundShift);
            naive.FillFirst(address, tag, access, expected, foundShift);
        }
        else
        {
            fast.Fill(address, tag, access, walked, pageShift);
            naive.Fill(address, tag, access, walked, pageShift);
        }
    }

    private static IEnumerable<TlbEntry> InPieces(NaiveSizedHierarchy naive, AccessKind access) =>
        naive.Kept(access)
            .SelectMany(static one => Enumerable.Range(0, 1 << (one.Shift - 12))
                .Select(piece => new TlbEntry(new(one.Start + ((ulong)piece << 12)), one.Tag, one.Translation + ((ulong)piece << 12))))
            .Order(EntryOrder);

    private static readonly Comparer<TlbEntry> EntryOrder =
        Comparer<TlbEntry>.Create((a, b) => (a.Page, a.Tag, a.Translation).CompareTo((b.Page, b.Tag, b.Translation)));

    /// <summary>
    /// One set as its description reads: a tree over the next power of two of leaves, each node pointing away from the last use below it.
    /// </summary>
    private sealed class NaiveTree(int ways)
    {
        private readonly ulong[] _pages = new ulong[ways];
        private readonly HashSet<(int First, int Count)> _towardsUpper = [];

        private int Leaves => Enumerable.Range(0, 8).Select(static bit => 1 << bit).First(leaves => leaves >= ways);

        public bool Touch(ulong page)
        {
            int way = Array.IndexOf(_pages, page);
            bool hit = way >= 0;
            way = hit ? way : Array.IndexOf(_pages, 0UL);
            way = way >= 0 ? way : Victim(0, Leaves);
            _pages[way] = page;
            Use(way, 0, Leaves);
            return hit;
        }

        private int Victim(int first, int count)
        {
            int half = count / 2;
            bool upper = half > 0 && first + half < ways && _towardsUpper.Contains((first, count));
            return half == 0 ? first : Victim(upper ? first + half : first, half);
        }

        private void Use(int way, int first, int count)
        {
            int half = count / 2;
            if (half == 0)
            {
                return;
            }

            bool upper = way >= first + half;
            _ = upper ? _towardsUpper.Remove((first, count)) : _towardsUpper.Add((first, count));
            Use(way, upper ? first + half : first, half);
        }
    }
}
