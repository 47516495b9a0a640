using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Lab.Tests;

/// <summary>Large pages in a comparison, walk caches, and machines that have to be wider than the first choice.</summary>
public class PageSizeTests
{
    [Fact]
    public void Full_regions_are_walked_as_large_pages()
    {
        CompareRequest request = Request(
            "sequential:pages=2048,step=4096,refs=20480,stores=100",
            X86Backends.FourLevel,
            X86Backends.Pae,
            Structures.Named("mips-radix:hw"));
        request = request with { PromotesLargePages = true, Tlb = Structures.Tlb("l1=16x16,l2=32x4,pages=4k+2m") };
        CompareRun run = Comparer.Run(request, static () => 0).Runs[0];

        // The restart of the store that filled a region, and the second pass where the entry did not stay.
        Assert.InRange(run.Tlb.MissesByPageSize["2m"], 4, 8);
        Assert.Equal(run.Tlb.Walks, run.Tlb.MissesByPageSize.Values.Sum());
        Assert.Equal(4L << 21, run.Tlb.ReachBytes);
        Assert.Equal(run.Tlb.MissesByPageSize["2m"], run.Structures[0].Histogram["3"]);
        Assert.Equal(run.Tlb.MissesByPageSize["2m"], run.Structures[1].Histogram["1"]);
        Assert.Equal(["4"], run.Structures[2].Histogram.Keys);
    }

    [Fact]
    public void Misses_by_page_size_are_the_machines_and_each_structures_own()
    {
        PmapBackend radix = Structures.Named("mips-radix:hw");
        PmapBackend[][] sets =
        [
            [X86Backends.FourLevel, X86Backends.TwoLevel, radix], [radix, X86Backends.TwoLevel], [X86Backends.TwoLevel], [radix],
        ];
        CompareRun[] runs = [.. sets.Select(static set => Comparer.Run(
            Request("sequential:pages=2048,step=4096,refs=20480,stores=100", set) with
            {
                Machine = X86Backends.FourLevel,
                PromotesLargePages = true,
                Tlb = Structures.Tlb("l1=16x16,l2=32x4,pages=4k+2m"),
            },
            static () => 0).Runs[0])];
        Assert.All(runs, run => Assert.Equal(runs[0].Tlb.MissesByPageSize, run.Tlb.MissesByPageSize));
        Assert.Equal(["4k", "2m"], runs[0].Tlb.MissesByPageSize.Keys);
        Assert.All(
            runs.SelectMany(static run => run.Structures), static each => Assert.Equal(each.Walks, each.MissesByPageSize.Values.Sum()));
        Assert.Equal(["4k", "2m"], runs[0].Of("x86-4level").MissesByPageSize.Keys);
        Assert.Equal(["4k", "4m"], runs[0].Of("x86-2level").MissesByPageSize.Keys);
        Assert.Equal(["4k"], runs[0].Of("mips-radix:hw").MissesByPageSize.Keys);
    }

    [Fact]
    public void Without_large_pages_nothing_is_promoted()
    {
        CompareRun run =
            Comparer.Run(Request("sequential:pages=2048,step=4096,refs=20480,stores=100", X86Backends.FourLevel), static () => 0).Runs[0];
        Assert.Equal(["4k"], run.Tlb.MissesByPageSize.Keys);
    }

    [Fact]
    public void Walk_caches_leave_one_reference_in_a_region()
    {
        CompareRequest request = Request("loop:pages=4096,refs=40960", X86Backends.FourLevel, X86Backends.Pae) with
        {
            Tlb = Structures.Tlb("l1=16x16,l2=32x4,walk=32+4+2"),
        };
        CompareRun run = Comparer.Run(request, static () => 0).Runs[0];
        Assert.Equal([3, 1], run.Structures.Select(static each => each.WalkCacheHits.Count));
        Assert.All(run.Structures, static each => Assert.InRange(each.ReferencesPerWalk, 1.0, 1.25));
    }

    [Fact]
    public void Addresses_beyond_the_first_machine_are_lived_on_another()
    {
        PmapBackend wide = Structures.Named("mips-hashed:hw:seg62");
        CompareRequest low = Request("uniform:pages=200,refs=2000", wide) with { Machine = X86Backends.FourLevel };
        CompareRequest high = Request("uniform:pages=200,refs=2000,base=0x100000000000000", wide) with { Machine = X86Backends.FourLevel };
        StructureSummary[] both =
            [.. new[] { low, high }.Select(static request => Comparer.Run(request, static () => 0).Runs[0].Structures[0])];
        Assert.Equal(both[0].TableBytesEnd, both[1].TableBytesEnd);
        Assert.Equal(both[0].Walks, both[1].Walks);
    }

    private static CompareRequest Request(string workload, params PmapBackend[] backends) =>
        new()
        {
            Inputs =
            [
                Workload.TryParse(workload, out Workload? made, out string problem) ? made.ToInput() : throw new ArgumentException(problem),
            ],
            Backends = backends,
        };
}
