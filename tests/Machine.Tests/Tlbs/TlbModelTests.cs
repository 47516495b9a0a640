namespace BsdVm.Tests.Tlbs;

/// <summary>The fast TLBs against the naive ones: same answers, same contents, whatever is done to them.</summary>
public class TlbModelTests
{
    [Theory]
    [InlineData("l1=64x64,l2=1536x12", 2400)]
    [InlineData("l1=64x64,l2=0x0", 90)]
    [InlineData("l1=4x1,l2=48x3", 70)]
    [InlineData("l1i=3x1,l1d=5x5,l2=35x7", 50)]
    [InlineData("l1=8x8,l2=32x16", 48)]
    [InlineData("l1=16x4,l2=72x18", 100)]
    [InlineData("l1=17x17,l2=96x32", 130)]
    [InlineData("l1=1x1,l2=2x1", 5)]
    public void LruAndFifoGiveTheNaiveAnswers(string shape, int pages)
    {
        Compare($"{shape},policy=lru", pages, seed: 1, steps: 40_000);
        Compare($"{shape},policy=fifo", pages, seed: 2, steps: 40_000);
    }

    [Theory]
    [InlineData("l1=64x64,l2=1536x4", 2400)]
    [InlineData("l1=4x1,l2=48x16", 70)]
    [InlineData("l1=8x2,l2=96x32", 130)]
    public void TreePseudoLruGivesTheNaiveAnswers(string shape, int pages) =>
        Compare($"{shape},policy=plru", pages, seed: 3, steps: 40_000);

    private static void Compare(string text, int pages, int seed, int steps)
    {
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        var fast = new TlbHierarchy(specification);
        var naive = new NaiveHierarchy(specification);
        var random = new Random(seed);
        ulong last = 0;
        for (int step = 0; step < steps; step++)
        {
            // Runs and returns to the same page as programs make them, else anywhere.
            ulong address = random.Next(4) == 0 ? last : ((ulong)random.Next(pages) << 12) | (uint)random.Next(4096);
            last = address;
            uint tag = random.Next(8) == 0 ? 4095u : (uint)random.Next(2);
            var access = (AccessKind)random.Next(3);
            switch (random.Next(200))
            {
                case 0:
                    bool keep = random.Next(4) != 0;
                    fast.Flush(keep);
                    naive.Flush(keep);
                    break;
                case < 16:
                    fast.InvalidatePage(address, tag);
                    naive.InvalidatePage(address, tag);
                    break;
                case < 18:
                    InvalidateRange(fast, naive, address & ~0xFFFUL, (ulong)random.Next(80), tag);
                    break;
                default:
                    Access(fast, naive, address, tag, access, random, step);
                    break;
            }

            if (step % 1000 == 0)
            {
                Assert.Equal(naive.Entries.Order(EntryOrder), fast.Entries.Order(EntryOrder));
            }
        }

        Assert.Equal(naive.Entries.Order(EntryOrder), fast.Entries.Order(EntryOrder));
    }

    private static void InvalidateRange(TlbHierarchy fast, NaiveHierarchy naive, ulong start, ulong pages, uint tag)
    {
        fast.InvalidateRange(new(new(start), pages << 12), tag);
        for (ulong page = 0; page < pages; page++)
        {
            naive.InvalidatePage(start + (page << 12), tag);
        }
    }

    private static void Access(
        TlbHierarchy fast, NaiveHierarchy naive, ulong address, uint tag, AccessKind access, Random random, int step)
    {
        ulong expected = naive.LookupFirst(address, tag, access);
        Assert.True(expected == fast.LookupFirst(address, tag, access), $"{fast.Specification}: first level, step {step}.");
        ulong walked = ((ulong)step << 12) | (ulong)TlbFlags.Valid | (random.Next(10) == 0 ? (ulong)TlbFlags.Global : 0);
        if (expected != 0)
        {
            if (random.Next(20) == 0)
            {
                if (random.Next(2) == 0)
                {
                    fast.InvalidatePage(address, tag);
                    naive.InvalidatePage(address, tag);
                }

                fast.Upgrade(address, tag, access, walked);
                naive.Upgrade(address, tag, access, walked);
            }

            return;
        }

        expected = naive.LookupSecond(address, tag);
        Assert.True(expected == fast.LookupSecond(address, tag), $"{fast.Specification}: second level, step {step}.");
        if (expected != 0)
        {
            fast.FillFirst(address, tag, access, expected);
            naive.FillFirst(address, tag, access, expected);
        }
        else
        {
            fast.Fill(address, tag, access, walked);
            naive.Fill(address, tag, access, walked);
        }
    }

    private static readonly Comparer<TlbEntry> EntryOrder =
        Comparer<TlbEntry>.Create((a, b) => (a.Page, a.Tag, a.Translation).CompareTo((b.Page, b.Tag, b.Translation)));
}
