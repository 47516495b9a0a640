using BsdVm.Conformance;
using FsCheck;

namespace BsdVm.Tests.Tlbs;

/// <summary>Policies that draw: what always holds, whatever they draw.</summary>
public class RandomReplacementTests
{
    [Property(10, Arbitrary = [typeof(Place)])]
    public void ItHoldsAsManyAsItCanAndTheSameEveryTime(Steps<Place> accesses)
    {
        foreach (string policy in new[] { "random", "nlu" })
        {
            foreach (int entries in new[] { 16, 64, 80 })
            {
                TlbHierarchy one = Make(entries, policy);
                TlbHierarchy two = Make(entries, policy);
                Assert.Equal(MissesOf(one, accesses), MissesOf(two, accesses));
                int pages = accesses.Items.Select(static place => place.Of(100)).Distinct().Count();
                Assert.Equal(Math.Min(entries, pages), one.Data.Entries.Count());
                Assert.Equal(one.Data.Entries, two.Data.Entries);
            }
        }
    }

    [Property(10, Arbitrary = [typeof(Place)])]
    public void NotLastUsedNeverEvictsTheLastUsed(Steps<Place> uses) =>
        Assert.All(new[] { 2, 16, 64, 80 }, entries => Assert.Equal(0, EvictionsOfTheLastUsed(Make(entries, "nlu"), uses)));

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(80)]
    public void RandomEvictsTheLastUsedToo(int entries)
    {
        // Any place will do: it is the policy that draws here.
        var uses = new Steps<Place>([.. Enumerable.Range(0, 5000).Select(static number => new Place(number * 7919 % Place.Whole))]);
        Assert.NotEqual(0, EvictionsOfTheLastUsed(Make(entries, "random"), uses));
    }

    // 6000 evictions over 16 ways: each is drawn 375 times, give or take less than six standard deviations.
    [Fact]
    public void EveryWayIsDrawnAboutAsOften()
    {
        TlbHierarchy tlb = Make(16, "random");
        Dictionary<ulong, int> wayOf = Enumerable.Range(0, 16).ToDictionary(way => Address((ulong)way), way => way);
        foreach (ulong page in wayOf.Keys)
        {
            tlb.Fill(page, 0, AccessKind.Read, Valid);
        }

        int[] drawn = new int[16];
        for (ulong page = 16; page < 6016; page++)
        {
            tlb.Fill(Address(page), 0, AccessKind.Read, Valid);
            var now = tlb.Data.Entries.Select(entry => entry.Page.Value).ToHashSet();
            ulong gone = wayOf.Keys.Single(key => !now.Contains(key));
            drawn[wayOf[gone]]++;
            wayOf[Address(page)] = wayOf[gone];
            wayOf.Remove(gone);
        }

        Assert.All(drawn, count => Assert.InRange(count, 270, 480));
    }

    [Fact]
    public void InvalidWaysAreTakenFirst()
    {
        TlbHierarchy tlb = Make(64, "random");
        for (ulong page = 0; page < 64; page++)
        {
            tlb.Fill(Address(page), 0, AccessKind.Read, Valid);
        }

        tlb.InvalidatePage(Address(7), 0);
        tlb.InvalidatePage(Address(40), 0);
        tlb.Fill(Address(100), 0, AccessKind.Read, Valid);
        tlb.Fill(Address(101), 0, AccessKind.Read, Valid);
        Assert.Equal(
            Enumerable.Range(0, 64).Where(page => page is not 7 and not 40).Append(100).Append(101),
            tlb.Data.Entries.Select(entry => (int)entry.Page.Page.Value).Order());
    }

    private const ulong Valid = (ulong)TlbFlags.Valid;

    private static TlbHierarchy Make(int entries, string policy)
    {
        string text = $"l1={entries}x{entries},l2=0x0,policy={policy}";
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        return new(specification);
    }

    private static ulong Address(ulong page) => new PageNumber(page).Address.Value;

    private static int MissesOf(TlbHierarchy tlb, Steps<Place> accesses)
    {
        int misses = 0;
        foreach (Place place in accesses.Items)
        {
            ulong address = Address((ulong)place.Of(100));
            if (tlb.LookupFirst(address, 0, AccessKind.Read) == 0)
            {
                misses++;
                tlb.Fill(address, 0, AccessKind.Read, address | Valid);
            }
        }

        return misses;
    }

    // A page comes, one of all that are there is used, another page comes: is the used one still there?
    private static int EvictionsOfTheLastUsed(TlbHierarchy tlb, Steps<Place> uses)
    {
        int evictions = 0;
        foreach ((int number, Place use) in uses.Items.Index())
        {
            tlb.Fill(Address((ulong)number), 0, AccessKind.Read, Valid);
            VirtualAddress[] held = [.. tlb.Data.Entries.Select(static entry => entry.Page)];
            ulong used = held[use.Of(held.Length)].Value;
            Assert.NotEqual(0UL, tlb.LookupFirst(used, 0, AccessKind.Read));
            tlb.Fill(Address((ulong)number + 100_000), 0, AccessKind.Read, Valid);
            evictions += tlb.LookupFirst(used, 0, AccessKind.Read) == 0 ? 1 : 0;
        }

        return evictions;
    }
}

/// <summary>A place in something whose size is known later, in 65536ths.</summary>
public readonly record struct Place(int Share)
{
    public const int Whole = 1 << 16;

    public static Arbitrary<Steps<Place>> Arbitrary => Steps.Drawn<Place>(static random => new(random.Next(Whole)), 1500);

    /// <summary>The place among so many.</summary>
    public int Of(int count) => (int)((long)Share * count / Whole);

    public override string ToString() => $"{Share}/{Whole}";
}
