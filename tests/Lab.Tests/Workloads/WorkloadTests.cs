using System.Runtime.InteropServices;
using BsdVm.X86;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests;

/// <summary>Synthetic workloads by the definitions of their kinds.</summary>
public class WorkloadTests
{
    private const ulong Base = 0x10000000;

    [Fact]
    public void Sequential_goes_line_by_line_and_again() =>
        Assert.Equal(Enumerable.Range(0, 600).Select(static i => Base + ((ulong)i * 64 % 16384)), Addresses("sequential:pages=4,refs=600"));

    [Fact]
    public void Strided_visits_as_many_places_as_pages() =>
        Assert.Equal(
            Enumerable.Range(0, 23).Select(static i => 0x40000000 + ((ulong)i % 5 * 12288)),
            Addresses("strided:pages=5,refs=23,step=12288,base=0x40000000"));

    [Fact]
    public void Loop_goes_page_by_page_and_again() =>
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => Base + ((ulong)i % 7 * 4096)), Addresses("loop:pages=7,refs=20"));

    [Fact]
    public void Uniform_draws_are_those_of_splitmix64()
    {
        // The first draw of splitmix64 with seed 0 is E220A8397B1DCDAF, the second 6E789E6AA1B965F4.
        Assert.Equal([0xDCDAF, 0x965F4], Pages("uniform:pages=1048576,refs=2,seed=0"));
        int[] counts = [.. Pages("uniform:pages=50,refs=20000").GroupBy(static page => page).Select(static group => group.Count())];
        Assert.Equal(50, counts.Length);
        Assert.All(counts, static count => Assert.InRange(count, 300, 500));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(1.5)]
    public void Zipf_frequencies_fall_by_rank(double skew)
    {
        const int Draws = 40_000;
        ulong[] pages = Pages(FormattableString.Invariant($"zipf:pages=20,refs={Draws},skew={skew}"));
        int[] counts = [.. pages.GroupBy(static page => page).Select(static group => group.Count()).OrderDescending()];
        double total = Enumerable.Range(1, 20).Sum(rank => Math.Pow(rank, -skew));
        for (int rank = 1; rank <= 20; rank++)
        {
            double expected = Draws * Math.Pow(rank, -skew) / total;
            Assert.InRange(counts[rank - 1], (expected * 0.8) - 30, (expected * 1.2) + 30);
        }
    }

    [Theory]
    [InlineData(64, 8, "0.25", 32)]
    [InlineData(20, 8, "0.5", 16)]
    [InlineData(12, 1, "0.3", 4)]
    public void Runs_cover_the_density_of_their_stretches(int pages, int length, string density, int stretch)
    {
        int[] all = [.. Pages($"runs:pages={pages},length={length},density={density},refs={pages * 2}").Select(static page => (int)page)];
        IEnumerable<int> expected = Enumerable.Range(0, pages).Select(page => (page / length * stretch) + (page % length));
        Assert.Equal(expected, all[..pages].Order());
        Assert.Equal(all[..pages], all[pages..]);
        for (int i = 1; i < pages; i++)
        {
            Assert.True(all[i] % stretch == 0 || all[i] == all[i - 1] + 1, $"{all[i - 1]}, {all[i]}");
        }

        Assert.True(pages / length < 5 || !all[..pages].Order().SequenceEqual(all[..pages]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void Chase_visits_all_pages_before_one_comes_again(int pages)
    {
        ulong[] all = Pages($"chase:pages={pages},refs={3 * pages}");
        Assert.Equal(Enumerable.Range(0, pages).Select(static page => (ulong)page), all[..pages].Order());
        Assert.Equal(all[..pages], all[pages..(2 * pages)]);
        Assert.Equal(all[..pages], all[(2 * pages)..]);
        Assert.True(pages < 3 || !all[..pages].Order().SequenceEqual(all[..pages]));
    }

    [Fact]
    public void Stores_are_the_share_asked_for_and_change_no_address()
    {
        Assert.All(Words("zipf:pages=100,refs=500,stores=0"), static word => Assert.Equal(0UL, word & 7));
        Assert.All(Words("zipf:pages=100,refs=500,stores=100"), static word => Assert.Equal(1UL, word & 7));
        Assert.InRange(Words("zipf:pages=100,refs=20000").Count(WordTrace.IsStore), 5700, 6300);
        Assert.Equal(Addresses("zipf:pages=100,refs=500,stores=0"), Addresses("zipf:pages=100,refs=500,stores=77"));
    }

    [Theory]
    [InlineData("uniform")]
    [InlineData("zipf")]
    [InlineData("runs")]
    [InlineData("chase")]
    public void The_same_text_gives_the_same_bytes_and_another_seed_others(string name)
    {
        string text = name + ":pages=300,refs=2000,seed=";
        Assert.Equal(Words(text + "5"), Words(text + "5"));
        Assert.NotEqual(Addresses(text + "5"), Addresses(text + "6"));
        Assert.Equal(5UL, Parse(text + "5").Seed);
    }

    [Theory]
    [InlineData("zip", "unknown workload 'zip'; valid: sequential, strided, uniform, zipf, runs, chase, loop")]
    [InlineData(
        "zipf:colour=3", "workload zipf: unknown parameter 'colour'; valid: pages, refs, seed, base, stores, step, skew, length, density")]
    [InlineData("zipf:pages", "'pages' is not KEY=VALUE")]
    [InlineData("loop:", "'' is not KEY=VALUE")]
    [InlineData("loop:pages=0", "pages is 1 to 2^30")]
    [InlineData("loop:pages=-1", "pages is 1 to 2^30")]
    [InlineData("loop:refs=0x", "refs is 1 to 2^40")]
    [InlineData("loop:base=12", "base is a page aligned address")]
    [InlineData("loop:stores=101", "stores is 0 to 100")]
    [InlineData("sequential:step=12", "step is a multiple of 8")]
    [InlineData("zipf:skew=NaN", "skew is 0 to 10")]
    [InlineData("runs:length=0", "length is 1 to")]
    [InlineData("runs:density=0", "density is 1e-9 to 1")]
    public void Mistakes_are_explained(string text, string expected)
    {
        Assert.False(Workload.TryParse(text, out _, out string problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_kinds_can_be_compared()
    {
        IReadOnlyList<TraceSource> inputs = [.. Workload.Names.Select(static kind => Parse(kind.Name + ":pages=50,refs=4000").ToInput())];
        CompareResult result = Comparer.Run(
            new CompareRequest { Inputs = inputs, Backends = [X86Backends.FourLevel], FrameCount = 1 << 12 }, static () => 0);
        Assert.Equal(7, result.Runs.Count);
        Assert.All(result.Runs, static run =>
        {
            Assert.Equal((4000, 50), (run.Trace.Accesses, run.Trace.DistinctPages));
            Assert.Equal(64, run.Trace.Sha256.Length);
        });
    }

    private static Workload Parse(string text) =>
        Workload.TryParse(text, out Workload? workload, out string problem) ? workload : throw new ArgumentException(problem, nameof(text));

    private static ulong[] Words(string text)
    {
        using Stream stream = Parse(text).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        Assert.Equal(stream.Length, bytes.Length);
        return MemoryMarshal.Cast<byte, ulong>(bytes.ToArray()).ToArray();
    }

    private static ulong[] Addresses(string text) => [.. Words(text).Select(static word => word & ~7UL)];

    private static ulong[] Pages(string text) => [.. Addresses(text).Select(static address => (address - Base) / PageSize.BaseBytes)];
}
