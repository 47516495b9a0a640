namespace BsdVm.Tests.Tlbs;

/// <summary>Policies that draw: what always holds, whatever they draw.</summary>
public class RandomReplacementTests
{
    [Theory]
    [InlineData("l1=16x16,l2=0x0,policy=random")]
    [InlineData("l1=64x64,l2=0x0,policy=random")]
    [InlineData("l1=16x16,l2=0x0,policy=nlu")]
    [InlineData("l1=64x64,l2=0x0,policy=nlu")]
    [InlineData("l1=80x80,l2=0x0,policy=random")]
    [InlineData("l1=80x80,l2=0x0,policy=nlu")]
    public void ItHoldsAsManyAsItCanAndTheSameEveryTime(string text)
    {
        TlbHierarchy one = Make(text);
        TlbHierarchy two = Make(text);
        Assert.Equal(Run(one, 5000), Run(two, 5000));
        Assert.Equal(one.Data.Geometry.Entries, one.Data.Entries.Count());
        Assert.Equal(one.Data.Entries, two.Data.Entries);
    }

    [Theory]
    [InlineData(16, "nlu", false)]
    [InlineData(64, "nlu", false)]
    [InlineData(80, "nlu", false)]
    [InlineData(2, "nlu", false)]
    [InlineData(16, "random", true)]
    [InlineData(64, "random", true)]
    [InlineData(80, "random", true)]
    public void OnlyRandomEverEvictsTheLastUsed(int entries, string policy, bool evicts)
    {
        TlbHierarchy tlb = Make($"l1={entries}x{entries},l2=0x0,policy={policy}");
        var random = new Random(5);
        bool evicted = false;
        for (ulong page = 0; page < 5000; page++)
        {
            tlb.Fill(page << 12, 0, AccessKind.Read, Valid);
            ulong used = tlb.Data.Entries.ElementAt(random.Next(tlb.Data.Entries.Count())).Page.Value;
            Assert.NotEqual(0UL, tlb.LookupFirst(used, 0, AccessKind.Read));
            tlb.Fill((page + 100_000) << 12, 0, AccessKind.Read, Valid);
            evicted |= tlb.LookupFirst(used, 0, AccessKind.Read) == 0;
        }

        Assert.Equal(evicts, evicted);
    }

    // 6000 evictions over 16 ways: each is drawn 375 times, give or take less than six standard deviations.
    [Fact]
    public void EveryWayIsDrawnAboutAsOften()
    {
        TlbHierarchy tlb = Make("l1=16x16,l2=0x0,policy=random");
        Dictionary<ulong, int> wayOf = Enumerable.Range(0, 16).ToDictionary(way => (ulong)way << 12, way => way);
        foreach (ulong page in wayOf.Keys)
        {
            tlb.Fill(page, 0, AccessKind.Read, Valid);
        }

        int[] drawn = new int[16];
        for (ulong page = 16; page < 6016; page++)
        {
            tlb.Fill(page << 12, 0, AccessKind.Read, Valid);
            var now = tlb.Data.Entries.Select(entry => entry.Page.Value).ToHashSet();
            ulong gone = wayOf.Keys.Single(key => !now.Contains(key));
            drawn[wayOf[gone]]++;
            wayOf[page << 12] = wayOf[gone];
            wayOf.Remove(gone);
        }

        Assert.All(drawn, count => Assert.InRange(count, 270, 480));
    }

    [Fact]
    public void InvalidWaysAreTakenFirst()
    {
        TlbHierarchy tlb = Make("l1=64x64,l2=0x0,policy=random");
        for (ulong page = 0; page < 64; page++)
        {
            tlb.Fill(page << 12, 0, AccessKind.Read, Valid);
        }

        tlb.InvalidatePage(7 << 12, 0);
        tlb.InvalidatePage(40 << 12, 0);
        tlb.Fill(100 << 12, 0, AccessKind.Read, Valid);
        tlb.Fill(101 << 12, 0, AccessKind.Read, Valid);
        Assert.Equal(
            Enumerable.Range(0, 64).Where(page => page is not 7 and not 40).Append(100).Append(101),
            tlb.Data.Entries.Select(entry => (int)(entry.Page.Value >> 12)).Order());
    }

    private const ulong Valid = (ulong)TlbFlags.Valid;

    private static TlbHierarchy Make(string text)
    {
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        return new(specification);
    }

    private static int Run(TlbHierarchy tlb, int accesses)
    {
        var random = new Random(11);
        int misses = 0;
        for (int access = 0; access < accesses; access++)
        {
            ulong address = (ulong)random.Next(100) << 12;
            if (tlb.LookupFirst(address, 0, AccessKind.Read) == 0)
            {
                misses++;
                tlb.Fill(address, 0, AccessKind.Read, address | Valid);
            }
        }

        return misses;
    }
}
