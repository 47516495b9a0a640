using System.Globalization;


namespace BsdVm.Lab.Tests;

/// <summary>What structures count, against closed forms and small models of theirs, for random traces.</summary>
public class ClosedFormTests
{
    private const string EveryPageChangeMisses = "l1=1x1,l2=0x0";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Table_bytes_are_the_closed_forms(int seed)
    {
        ulong[] words = WordTrace.Random(seed, 1500, kindByPage: false);
        CompareRun run = Structures.Run(WordTrace.Input(words), Structures.Wide);
        var sizes = new TableSizes(words);
        Assert.Equal((sizes.Pages, sizes.Frames), (run.Trace.DistinctPages, run.Frames));
        foreach (StructureSummary each in run.Structures)
        {
            long? expected = BytesOf(each.Name, sizes);
            if (expected is { } bytes)
            {
                Assert.Equal((each.Name, bytes), (each.Name, each.TableBytesEnd));
            }

            // Aliases go when their pages are stored to: an inverted table may have been larger before.
            Assert.InRange(each.TableBytesPeak, each.TableBytesEnd, long.MaxValue);
            Assert.InRange(each.TableFrames, (each.TableBytesPeak + 4095) / 4096, long.MaxValue);
            Assert.Equal((double)each.TableBytesPeak / sizes.Radix, each.RatioToRadix);
            if (each.TableBytesPeak == each.TableBytesEnd)
            {
                Assert.Equal((double)each.TableBytesPeak / sizes.Hashed, each.RatioToHashed);
                Assert.Equal((double)each.TableBytesPeak / sizes.Pages, each.BytesPerMappedPage);
            }
        }

        Assert.All(((string[])["x86-4level", "mips-hashed", "clustered", "mips-guarded"]).Select(run.Of), static each =>
            Assert.Equal(each.TableBytesEnd, each.TableBytesPeak));

        Assert.Equal(sizes.Pages, run.Of("mips-hashed").Entries);
        Assert.Equal(sizes.Pages, run.Of("inverted").Entries);
        Assert.Equal(words.Select(static word => word >> 15).Distinct().Count(), run.Of("mips-cuckoo").Entries);
        Assert.Equal((double)sizes.Pages / sizes.Frames, run.Of("hashed").LoadFactor);
        Assert.Equal(8 * sizes.Frames, run.Of("mips-clustered").HeadBytes);
    }

    [Theory]
    [InlineData(5, "l1=16x4,l2=64x4")]
    [InlineData(6, "l1=4x4,l2=0x0,policy=fifo")]
    [InlineData(7, EveryPageChangeMisses)]
    public void Every_miss_is_walked_and_sums_agree(int seed, string tlb)
    {
        CompareRun run = Structures.Run(WordTrace.Input(WordTrace.Random(seed, 1500, kindByPage: false)), Structures.Wide, tlb);
        Assert.InRange(run.Tlb.L2Misses, run.Trace.DistinctPages, run.Trace.Accesses);
        Assert.Equal(run.Tlb.L2Misses, run.Tlb.MissesByPageSize.Values.Sum());
        Assert.All(run.Structures, each =>
        {
            Assert.Equal(run.Tlb.L2Misses, each.Walks);
            Assert.Equal(each.References, each.Steps + each.Probes);
            Assert.InRange(each.Steps, 0, each.References);
            Assert.Equal((double)each.References / each.Walks, each.ReferencesPerWalk);
            CheckHistogram(each);
            CheckLines(each);
            Assert.Equal(!LooksForNeighbour(each.Name), each.HandlerInstructions == 0);
        });
    }

    [Fact]
    public void Trees_of_four_levels_make_four_references_in_four_lines()
    {
        CompareRun run = Structures.Run(WordTrace.Input(WordTrace.Random(8, 1500, kindByPage: false)), Structures.Wide);
        Assert.All(((string[])["x86-4level", "mips-radix", "radix"]).Select(run.Of), each =>
        {
            Assert.Equal(new Dictionary<string, long> { ["4"] = each.Walks }, each.Histogram);
            Assert.All(each.Lines.Values, lines => Assert.Equal(4 * each.Walks, lines));
        });
        StructureSummary cuckoo = run.Of("cuckoo");
        Assert.Equal(cuckoo.Walks, cuckoo.Steps);
        Assert.InRange(run.Of("mips-linear").ReferencesPerWalk, 1, 5);
    }

    [Theory]
    [InlineData("mips-hashed", 0, 1)]
    [InlineData("hashed", 0, 1)]
    [InlineData("mips-inverted", 0, 512)]
    [InlineData("inverted", 0, 512)]
    [InlineData("clustered", 4, 1)]
    [InlineData("clustered:4", 2, 1)]
    public void A_hashed_walk_makes_one_reference_and_its_place_in_the_chain(string name, int factor, int leastBuckets)
    {
        ulong[] words = WordTrace.Random(9, 3000, kindByPage: true);
        StructureSummary hashed = Structures.Run(WordTrace.Input(words), [Structures.Named(name)], EveryPageChangeMisses).Structures[0];
        var model = new ChainModel(factor, leastBuckets);
        CheckReferences(words, hashed, page =>
        {
            model.Enter(page);
            return model.References(page) + (LooksForNeighbour(name) ? model.References(page ^ 1) : 0);
        });
        Assert.Equal(model.Histogram(), hashed.ChainHistogram);
    }

    [Theory]
    [InlineData("mips-guarded", 4)]
    [InlineData("guarded:1", 1)]
    [InlineData("mips-guarded:9", 9)]
    public void A_guarded_walk_makes_a_reference_a_node(string name, int indexBits)
    {
        ulong[] words = WordTrace.Random(10, 1000, kindByPage: true);
        StructureSummary guarded = Structures.Run(WordTrace.Input(words), [Structures.Named(name)], EveryPageChangeMisses).Structures[0];
        var pages = new SortedSet<ulong>();
        CheckReferences(words, guarded, page =>
        {
            pages.Add(page);
            return GuardedTrie.Depth([.. pages], indexBits, page) * (LooksForNeighbour(name) ? 2 : 1);
        });
    }

    // A software-filled TLB has entries of two pages: where a table does not hold them together, the handler looks for both.
    private static bool LooksForNeighbour(string name) => name.StartsWith("mips-", StringComparison.Ordinal);

    // One entry holds every translation: each change of page is a miss.
    private static void CheckReferences(ulong[] words, StructureSummary structure, Func<ulong, int> referencesFor)
    {
        var histogram = new SortedDictionary<int, long>();
        ulong last = ulong.MaxValue;
        foreach (ulong page in words.Select(WordTrace.PageOf))
        {
            if (page != last)
            {
                int references = referencesFor(page);
                histogram[references] = histogram.GetValueOrDefault(references) + 1;
            }

            last = page;
        }

        Assert.Equal(histogram.Select(static pair => (pair.Key, pair.Value)), Counted(structure));
    }

    private static IEnumerable<(int References, long Walks)> Counted(StructureSummary structure) =>
        structure.Histogram.Select(static pair => (int.Parse(pair.Key, CultureInfo.InvariantCulture), pair.Value)).Order();

    private static void CheckHistogram(StructureSummary each)
    {
        int[] all = [.. Counted(each).SelectMany(static pair => Enumerable.Repeat(pair.References, (int)pair.Walks))];
        Assert.Equal(each.Walks, all.LongLength);
        Assert.Equal(each.References, all.Sum(static references => (long)references));
        Assert.Equal(all[^1], each.ReferencesMax);
        Assert.Equal(all[(int)Math.Ceiling(all.Length * 0.95) - 1], each.ReferencesP95);
    }

    private static void CheckLines(StructureSummary each)
    {
        Assert.Equal(["32", "64", "128", "256"], each.Lines.Keys);
        long[] lines = [.. each.Lines.Values];
        Assert.Equal(lines.OrderDescending(), lines);

        // The words of an entry may lie in two lines. The only page of a guarded table is in a register.
        Assert.InRange(lines[0], 0, 2 * each.References);
        Assert.InRange(lines[^1], each.Walks - each.Histogram.GetValueOrDefault("0"), lines[0]);
    }

    private static long? BytesOf(string name, TableSizes sizes) => name.Replace("mips-", "", StringComparison.Ordinal) switch
    {
        "x86-4level" or "radix" or "linear" => sizes.Radix,
        "hashed" => sizes.Hashed,
        "inverted" => sizes.Inverted,
        "clustered" => sizes.Clustered(4),
        "clustered:4" => sizes.Clustered(2),
        "guarded" => sizes.Guarded(4),
        "guarded:1" => sizes.Guarded(1),
        "guarded:9" => sizes.Guarded(9),
        _ => null,
    };
}
