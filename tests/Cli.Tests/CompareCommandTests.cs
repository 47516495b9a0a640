using System.Text.Json;

namespace BsdVm.Cli.Tests;

/// <summary><c>compare</c> with workloads, snapshots and prices.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private const string Small = "zipf:pages=300,refs=3000,seed=7";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_workload_tells_its_seed_and_gives_the_same_document_again()
    {
        string[] args = ["compare", "--workload", Small, "--pmap", "x86-4level,mips-hashed,mips-cuckoo:hw", "--json", "--no-time"];
        JsonElement document = InProcess.Json(args);
        Assert.Equal(7, document.GetProperty("seed").GetInt32());
        JsonElement trace = document.GetProperty("runs")[0].GetProperty("trace");
        Assert.Equal((Small, 3000L), (trace.GetProperty("source").GetString(), trace.GetProperty("accesses").GetInt64()));
        Assert.Equal(InProcess.Run(args).Output, InProcess.Run(args).Output);
        string changed = Small.Replace("seed=7", "seed=8", StringComparison.Ordinal);
        string other = InProcess.Run("compare", "--workload", changed, "--json", "--no-time").Output;
        Assert.NotEqual(
            trace.GetProperty("sha256").GetString(),
            Root(other).GetProperty("runs")[0].GetProperty("trace").GetProperty("sha256").GetString());
    }

    [Fact]
    public void A_recorded_trace_has_no_seed() =>
        Assert.False(InProcess.Json("compare", _folder.Write("pages.txt", "1\n2\n"), "--pages", "--json").TryGetProperty("seed", out _));

    [Fact]
    public void List_names_all_workloads()
    {
        string[] names = ["sequential", "strided", "uniform", "zipf", "runs", "chase", "loop"];
        JsonElement workloads = InProcess.Json("list", "workloads", "--json").GetProperty("workloads");
        Assert.Equal(names, workloads.EnumerateArray().Select(static each => each.GetProperty("name").GetString()));
        string text = InProcess.Run("list", "workloads").Output;
        Assert.All(names, name => Assert.Contains("  " + name + " ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void List_names_every_figure_of_a_structure()
    {
        IEnumerable<string> figures = InProcess.Json("list", "figures", "--json").GetProperty("figures").EnumerateArray()
            .Select(static each => each.GetProperty("name").GetString()!);
        JsonElement structure =
            InProcess.Json("compare", "--workload", Small, "--json").GetProperty("runs")[0].GetProperty("structures")[0];
        Assert.Equal(
            structure.EnumerateObject().Select(static figure => "structures." + figure.Name),
            figures.Where(static name => name.StartsWith("structures.", StringComparison.Ordinal)));
        Assert.Matches("(?m)^  structures.tableBytesPeak +most that tables took, in bytes$", InProcess.Run("list", "figures").Output);
    }

    [Fact]
    public void A_snapshot_gives_the_tables_of_an_address_space()
    {
        // Three resident pages in one region of 2 MB, one in another, and one that nothing maps.
        string maps = _folder.Write(
            "maps", "7f0000000000-7f0000400000 rw-p 00000000 00:00 0\n7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]\n");
        string pages = _folder.Write("pages.txt", "0x7f0000000\n0x7f0000001 # resident\n0x7f0000007\n\n0x7f0000200\n0x600000000\n");
        JsonElement run = InProcess.Json("compare", pages, "--pages", "--maps", maps, "--pmap", "x86-4level,mips-hashed:hw", "--json")
            .GetProperty("runs")[0];
        Assert.Equal(1, run.GetProperty("trace").GetProperty("unmapped").GetInt64());
        Assert.Equal(0x400 + 0x21, run.GetProperty("trace").GetProperty("mappedPagesAtEnd").GetInt64());
        JsonElement structures = run.GetProperty("structures");
        Assert.Equal(5 * 4096, structures[0].GetProperty("tableBytesEnd").GetInt64());
        Assert.Equal((4 * 24) + (8 * run.GetProperty("frames").GetInt64()), structures[1].GetProperty("tableBytesEnd").GetInt64());
        Assert.Equal(
            [4096L, 4096L, 4096L, 8192L],
            structures[0].GetProperty("bytesByLevel").EnumerateArray().Select(static each => each.GetInt64()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"name":"mine","walkCycles":50,"trapCycles":77.5,"probeCycles":3}""")]
    [InlineData(
        """{"name":"free","walkCycles":0,"trapCycles":0,"probeCycles":0,"entryReferenceCycles":0,"instructionCycles":0,"""
        + """ "modifyTrapCycles":0,"invalidationCycles":0}""")]
    public void Cycles_are_the_counts_at_the_printed_prices(string? prices)
    {
        string[] args = ["compare", "--workload", Small, "--pmap", "x86-4level,mips-hashed,mips-cuckoo:hw,mips-cuckoo", "--json"];
        JsonElement document = InProcess.Json(prices is null ? args : [.. args, "--cost", _folder.Write("cost.json", prices)]);
        JsonElement cost = document.GetProperty("costModel");
        Assert.Equal(prices is null ? 5 : Root(prices).GetProperty("walkCycles").GetDouble(), Number(cost, "walkCycles"));
        Assert.Equal(prices?.Contains("free", StringComparison.Ordinal) == true ? 0 : 14, Number(cost, "entryReferenceCycles"));
        foreach (JsonElement each in document.GetProperty("runs")[0].GetProperty("structures").EnumerateArray())
        {
            double start = Number(each, "handlerInstructions") > 0 ? Number(cost, "trapCycles") : Number(cost, "walkCycles");
            double walks = (Number(each, "walks") * start) + (Number(each, "steps") * Number(cost, "entryReferenceCycles"))
                + (Number(each, "probes") * Number(cost, "probeCycles")) + (
                    Number(each, "handlerInstructions") * Number(cost, "instructionCycles"));
            double kernel = each.GetProperty("operations").EnumerateObject().Sum(operation =>
                (Number(operation.Value, "references") * Number(cost, "entryReferenceCycles"))
                + (Number(operation.Value, "invalidations") * Number(cost, "invalidationCycles")));
            Assert.Equal(walks + kernel + (Number(each, "modifyTraps") * Number(cost, "modifyTrapCycles")), Number(each, "cycles"), 3);
        }
    }

    [Theory]
    [InlineData("{\"walkCycles\":}")]
    [InlineData("{\"walkCycles\":\"many\"}")]
    [InlineData("{\"walkCyles\":3}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"name\":null}")]
    [InlineData("")]
    public void Prices_that_are_none_are_one_line_and_exit_with_2(string prices)
    {
        (int code, string output, string error) = InProcess.Run(
            "compare", "--workload", Small, "--cost", _folder.Write("cost.json", prices));
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains("cost.json", error, StringComparison.Ordinal);
        Assert.Contains("not a cost model", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("valid: pages, refs, seed", "--workload", "zipf:page=3")]
    [InlineData("--maps goes once with each TRACE", "--workload", "loop", "--maps", "x")]
    [InlineData("missing.json", "--workload", "loop:refs=10", "--cost", "missing.json")]
    public void Mistakes_exit_with_2(string expected, params string[] args)
    {
        (int code, string output, string error) = InProcess.Run(["compare", .. args]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static JsonElement Root(string json) => JsonDocument.Parse(json).RootElement;
}
