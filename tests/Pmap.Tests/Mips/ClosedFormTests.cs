using System.Numerics;
using BsdVm.Conformance;

namespace BsdVm.Tests.Mips;

/// <summary>
/// What tables take and what walks cost, against formulas over the set of mapped pages. Laws of large numbers are held against one large
/// sample each, which is always the same.
/// </summary>
public class ClosedFormTests
{
    private const int Buckets = 1 << 16;

    [Property(12, Arbitrary = [typeof(PageRun)])]
    public void HashedTakesAnEntryAPage(Steps<PageRun> runs, bool isDense)
    {
        var rig = new MipsRig("hashed");
        List<ulong> pages = PageRun.PagesOf(runs, isDense);
        rig.EnterAll(pages);
        Assert.Equal((24L * pages.Count) + (8L * Buckets), rig.Pmap.TableUse.Bytes);
        Assert.Equal(rig.Pmap.TableUse.Bytes, rig.System.Counters.TableBytes);
        rig.Pmap.Remove(new(MipsRig.Page(0), 1UL << 48));
        Assert.Equal(8L * Buckets, rig.System.Counters.TableBytes);
    }

    [Property(6, Arbitrary = [typeof(PageRun)])]
    public void ClusteredTakesAnEntryABlock(Steps<PageRun> runs, bool isDense)
    {
        List<ulong> pages = PageRun.PagesOf(runs, isDense);
        foreach (int factor in new[] { 2, 8, 32 })
        {
            var rig = new MipsRig($"clustered:{factor}");
            rig.EnterAll(pages);
            long blocks = MipsRig.Regions(pages, (ulong)factor);
            Assert.Equal((((8L * factor) + 16) * blocks) + (8L * Buckets), rig.Pmap.TableUse.Bytes);
            Assert.Equal(blocks, rig.Pmap.TableUse.Entries);
            List<ulong> left = RemoveTwoThirds(rig, pages);
            Assert.Equal(MipsRig.Regions(left, (ulong)factor), rig.Pmap.TableUse.Entries);
        }
    }

    [Property(12, Arbitrary = [typeof(PageRun)])]
    public void InvertedTakesMemoryAndAliases(Steps<PageRun> runs, bool isDense)
    {
        var rig = new MipsRig("inverted");
        List<ulong> pages = PageRun.PagesOf(runs, isDense);
        rig.EnterAll(pages);
        long fixedBytes = (16L * (long)rig.Machine.Memory.FrameCount) + (8L * Buckets);
        Assert.Equal(fixedBytes, rig.Pmap.TableUse.Bytes);

        // A second page of a frame takes an entry of its own.
        List<ulong> second = [.. Enumerable.Range(0, pages.Count).Select(static number => (1UL << 35) + (ulong)number).Except(pages)];
        rig.EnterAll(second);
        Assert.Equal(fixedBytes + (24L * second.Count), rig.System.Counters.TableBytes);
    }

    [Property(6, Arbitrary = [typeof(PageRun)])]
    public void RadixTakesTheTablesOnTheWay(Steps<PageRun> runs, bool isDense)
    {
        List<ulong> pages = PageRun.PagesOf(runs, isDense);
        foreach ((string name, int levels) in new[] { ("radix", 4), ("mips-linear", 4), ("mips-radix:seg57", 5), ("radix:seg62", 6) })
        {
            var rig = new MipsRig(name);
            rig.EnterAll(pages);
            List<long> expected = [];
            for (int level = levels; level >= 1; level--)
            {
                expected.Add(4096 * (level == levels ? 1 : MipsRig.Regions(pages, 1UL << (9 * level))));
            }

            Assert.Equal(expected, rig.Pmap.TableUse.BytesByLevel);
            Assert.Equal(expected.Sum(), rig.Pmap.TableUse.Bytes);
        }
    }

    // The binary trie has one node less than pages; a wider one has as many as the definition by the highest differing bit gives.
    [Property(6, Arbitrary = [typeof(PageRun)])]
    public void GuardedTakesTheNodesOfItsDefinition(Steps<PageRun> runs, bool isDense)
    {
        List<ulong> pages = [.. PageRun.PagesOf(runs, isDense).Order()];
        if (pages.Count > 0)
        {
            Assert.All(new[] { 1, 3, 4 }, bits => CheckGuarded(pages, bits));
            CheckGuarded(pages[..Math.Min(pages.Count, 300)], bits: 9);
        }
    }

    private static void CheckGuarded(List<ulong> pages, int bits)
    {
        var rig = new MipsRig($"guarded:{bits}");
        rig.EnterAll(pages);
        (long nodes, Dictionary<ulong, int> depths) = Define(pages, bits);
        Assert.Equal((nodes << bits << 4) + 16, rig.Pmap.TableUse.Bytes);
        Assert.True(bits == 1 ? nodes == pages.Count - 1 : nodes <= pages.Count - 1);
        foreach (ulong page in pages)
        {
            rig.Walk(page);
            Assert.Equal(depths[page], rig.Mmu.Walks.Last.References);
        }

        List<ulong> left = RemoveTwoThirds(rig, pages);
        if (left.Count > 0)
        {
            Assert.InRange(rig.Pmap.TableUse.Bytes, 16, ((left.Count - 1L) << bits << 4) + 16);
            left.ForEach(page => rig.Pmap.ChangeWiring(MipsRig.Page(page), wired: true));
            rig.Pmap.Collect();
            Assert.Equal((Define(left, bits).Nodes << bits << 4) + 16, rig.Pmap.TableUse.Bytes);
            Assert.Equal(left, rig.Pmap.Mappings(new(new(0), 1UL << 48)).Select(static mapping => mapping.Address.Page.Value));
        }
    }

    private static List<ulong> RemoveTwoThirds(MipsRig rig, List<ulong> pages)
    {
        foreach (ulong page in pages.Where(static page => page % 3 != 0))
        {
            rig.Pmap.Remove(AddressRange.OfPage(new(page)));
        }

        return [.. pages.Where(static page => page % 3 == 0)];
    }

    // log2 N and a third: the depth of a random binary trie does not know how wide the addresses are.
    [Theory]
    [InlineData("guarded:1", 36)]
    [InlineData("guarded:1:seg62", 50)]
    public void TheBinaryTrieIsAsDeepAsItsPagesAreMany(string name, int bits)
    {
        var rig = new MipsRig(name);
        var random = new Random(7);
        List<ulong> pages = [.. Enumerable.Range(0, 4096).Select(_ => (ulong)random.NextInt64(1L << bits)).Distinct()];
        rig.EnterAll(pages);
        pages.ForEach(page => rig.Walk(page));
        double mean = (double)rig.Mmu.Walks.References / pages.Count;
        Assert.InRange(mean, 12.33 - 0.12, 12.33 + 0.12);
    }

    [Theory]
    [InlineData("hashed", 1)]
    [InlineData("inverted", 1)]
    [InlineData("clustered:2", 2)]
    public void ChainsAreAsLongAsTheLoadSays(string name, int factor)
    {
        var rig = new MipsRig(name, managedFrames: 1 << 16);
        var random = new Random(8);
        List<ulong> pages = [.. Enumerable.Range(0, 30000).Select(_ => (ulong)random.NextInt64(1L << 36)).Distinct()];
        rig.EnterAll(pages);
        double load = (double)MipsRig.Regions(pages, (ulong)factor) / Buckets;
        pages.ForEach(page => rig.Walk(page));
        double mean = (double)rig.Mmu.Walks.References / pages.Count;
        Assert.InRange(mean, 1 + 1 + (load / 2) - 0.02, 1 + 1 + (load / 2) + 0.02);

        long entries = rig.Pmap.TableUse.ChainHistogram.Select(static (buckets, length) => buckets * length).Sum();
        Assert.Equal((rig.Pmap.TableUse.Entries, (long)Buckets), (entries, rig.Pmap.TableUse.ChainHistogram.Sum()));
        Assert.InRange(rig.Pmap.TableUse.ChainHistogram[0] / (double)Buckets, Math.Exp(-load) - 0.01, Math.Exp(-load) + 0.01);
    }

    // Ways double when 0.6 of the slots would be exceeded; a probe of all ways is one step.
    [Theory]
    [InlineData(100)]
    [InlineData(2000)]
    public void CuckooWaysAreTheSmallestThatTheFillAllows(int groups)
    {
        var rig = new MipsRig("cuckoo");
        var random = new Random(9);
        List<ulong> pages = [.. Enumerable.Range(0, groups).Select(_ => (ulong)random.NextInt64(1L << 33) << 3).Distinct()];
        foreach ((int number, ulong page) in pages.Index())
        {
            rig.Enter(page, number);
            PmapTableUse use = rig.Pmap.TableUse;
            Assert.Equal((number + 1L, use.Buckets * 64), (use.Entries, use.Bytes));
            long slots = Math.Max(64, (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Ceiling((number + 1) / 1.8)));
            Assert.True(
                use.Buckets == 3 * slots || use.Buckets == 3 * (slots + (slots / 2)), $"{number + 1} groups in {use.Buckets} slots");
        }

        foreach ((int number, ulong page) in pages.Index())
        {
            Assert.Equal(MipsRig.Frame(number).Value, rig.Walk(page));
            Assert.Equal((3, 1, 2), (rig.Mmu.Walks.Last.References, rig.Mmu.Walks.Last.Steps, rig.Mmu.Walks.Last.Probes));
        }

        // Each doubling moves all that was there at the time once, and what insertions displace beside.
        PmapTableUse end = rig.Pmap.TableUse;
        Assert.True(groups < 116 ? end.Resizes == 0 : end.Moved > groups / 2, $"{end.Resizes} resizes, {end.Moved} moved");
    }

    [Fact]
    public void ACuckooTableThatEmptiedIsSmallAgain()
    {
        var rig = new MipsRig("cuckoo");
        long before = rig.Pmap.TableFrames;
        List<ulong> pages = MipsRig.RandomPages(10, 3000, 36);
        rig.EnterAll(pages);
        Assert.True(rig.Pmap.TableFrames > before * 2);
        rig.Pmap.ChangeWiring(MipsRig.Page(pages[17]), wired: true);
        rig.Pmap.Collect();
        Assert.Equal(before, rig.Pmap.TableFrames);
        Assert.Equal(MipsRig.Frame(17).Value, rig.Walk(pages[17]));
    }

    // Of 16 PTEs behind a tag and a link, line-aligned at 144-byte entries or not, each walk touches the head, the tag and the PTE.
    [Fact]
    public void LinesAreCountedBesideReferences()
    {
        var rig = new MipsRig("clustered:16");
        rig.Enter(0x100, 0);
        rig.Enter(0x10F, 1);
        rig.Walk(0x100);
        WalkCost near = rig.Mmu.Walks.Last;
        rig.Walk(0x10F);
        WalkCost far = rig.Mmu.Walks.Last;
        Assert.Equal((2, 2), (near.References, far.References));
        Assert.Equal((2, 2, 2, 2), (near.Lines(0), near.Lines(1), near.Lines(2), near.Lines(3)));
        Assert.Equal((3, 3, 3, 2), (far.Lines(0), far.Lines(1), far.Lines(2), far.Lines(3)));
    }

    // Nodes of the binary trie have 32 bytes: two of them that were made one after the other are one line of 64 bytes.
    [Fact]
    public void NodesThatShareALineAreOneLine()
    {
        var rig = new MipsRig("guarded:1");
        rig.EnterAll([0, 1, 2]);
        rig.Walk(0);
        WalkCost cost = rig.Mmu.Walks.Last;
        Assert.Equal((2, 2, 1, 1, 1), (cost.References, cost.Lines(0), cost.Lines(1), cost.Lines(2), cost.Lines(3)));
    }

    // The definition, over sorted pages: a node at the highest bit in which the first and the last differ.
    private static (long Nodes, Dictionary<ulong, int> Depths) Define(List<ulong> pages, int bits)
    {
        var depths = new Dictionary<ulong, int>();
        return (Define(pages, bits, 0, depths), depths);
    }

    private static long Define(List<ulong> pages, int bits, int depth, Dictionary<ulong, int> depths)
    {
        if (pages.Count == 1)
        {
            depths[pages[0]] = depth;
            return 0;
        }

        int low = Math.Max(BitOperations.Log2(pages[0] ^ pages[^1]) - bits + 1, 0);
        return 1 + pages.GroupBy(page => page >> low).Sum(group => Define([.. group], bits, depth + 1, depths));
    }
}
