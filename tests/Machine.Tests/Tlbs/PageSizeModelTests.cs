using BsdVm.Conformance;

namespace BsdVm.Tests.Tlbs;

/// <summary>TLBs of several page sizes, joint first levels and trees of odd ways against naive models, by random sequences.</summary>
public class PageSizeModelTests
{
    private static readonly string[] Shapes =
    [
        "l1=16x16,l2=64x4,pages=4k+2m", "l1=8x2,l2=32x32,pages=4k+2m+1g", "l1=12x3,l2=68x68,pages=4k+64k", "l1u=16x16,l2=64x4",
        "l1u=3x3,l2=16x2,policy=fifo", "l1u=16x4,l2=64x8,pages=4k+2m+1g",
    ];

    [Property(10, Arbitrary = [typeof(SizedStep)])]
    public void TheNaiveAnswersAreGiven(Steps<SizedStep> steps) => Assert.All(Shapes, shape => new SizedComparison(shape).Run(steps));

    [Property(10, Arbitrary = [typeof(Place)])]
    public void ATreeOfOddWaysSkipsAbsentLeaves(Steps<Place> uses) =>
        Assert.All(new[] { 3, 5, 12, 13, 63, 100 }, ways => CompareTree(ways, uses));

    private static void CompareTree(int ways, Steps<Place> uses)
    {
        string text = $"l1={ways}x{ways},l2=0x0,policy=plru";
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        var fast = new TlbHierarchy(specification);
        var naive = new NaiveTree(ways);
        foreach ((int number, Place use) in uses.Items.Index())
        {
            var page = new PageNumber(1 + (ulong)use.Of(ways + (ways / 2) + 1));
            ulong address = page.Address.Value;
            bool hit = naive.Touch(page.Value);
            bool found = fast.LookupFirst(address, 0, AccessKind.Read) != 0;
            Assert.True(hit == found, $"{ways} ways, step {number}: page {page} is {(found ? "there" : "gone")}; expected {naive}");
            if (!hit)
            {
                fast.Fill(address, 0, AccessKind.Read, address | (ulong)TlbFlags.Valid);
            }
        }
    }

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

        public override string ToString() => string.Join(' ', _pages);

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
