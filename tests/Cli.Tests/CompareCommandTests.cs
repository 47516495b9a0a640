using System.Text.Json;

namespace BsdVm.Cli.Tests;

/// <summary><c>compare</c> with workloads, snapshots and prices.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private const string Small = "zipf:pages=300,refs=3000,seed=7";

    private readonly string _folder = Directory.CreateTempSubdirectory("bsdvm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_workload_tells_its_seed_and_gives_the_same_document_again()
    {
        string[] args = ["compare", "--workload", Small, "--pmap", "x86-4level,mips-hashed,cuckoo", "--json", "--no-time"];
        JsonElement document = Parse(args);
        Assert.Equal(7, document.GetProperty("seed").GetInt32());
        JsonElement trace = document.GetProperty("runs")[0].GetProperty("trace");
        Assert.Equal((Small, 3000L), (trace.GetProperty("source").GetString(), trace.GetProperty("accesses").GetInt64()));
        Assert.Equal(Run(args).Output, Run(args).Output);
        string other = Run("compare", "--workload", Small.Replace("seed=7", "seed=8", StringComparison.Ordinal), "--json", "--no-time").Output;
        Assert.NotEqual(trace.GetProperty("sha256").GetString(), Root(other).GetProperty("runs")[0].GetProperty("trace").GetProperty("sha256").GetString());
    }

    [Fact]
    public void A_recorded_trace_has_no_seed() =>
        Assert.False(Parse("compare", FileOf("pages.txt", "1\n2\n"), "--pages", "--json").TryGetProperty("seed", out _));

    [Fact]
    public void List_names_all_workloads()
    {
        string[] names = ["sequential", "strided", "uniform", "zipf", "runs", "chase", "loop"];
        Assert.Equal(names, Parse("list", "workloads", "--json").GetProperty("workloads").EnumerateArray().Select(static each => each.GetProperty("name").GetString()));
        string text = Run("list", "workloads").Output;
        Assert.All(names, name => Assert.Contains("  " + name + " ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_snapshot_gives_the_tables_of_an_address_space()
    {
        // Three resident pages in one region of 2 MB, one in another, and one that nothing maps.
        string maps = FileOf("maps", "7f0000000000-7f0000400000 rw-p 00000000 00:00 0\n7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]\n");
        string pages = FileOf("pages.txt", "0x7f0000000\n0x7f0000001 # resident\n0x7f0000007\n\n0x7f0000200\n0x600000000\n");
        JsonElement run = Parse("compare", pages, "--pages", "--maps", maps, "--pmap", "x86-4level,hashed", "--json").GetProperty("runs")[0];
        Assert.Equal(1, run.GetProperty("trace").GetProperty("unmapped").GetInt64());
        Assert.Equal(0x400 + 0x21, run.GetProperty("trace").GetProperty("mappedPagesAtEnd").GetInt64());
        JsonElement structures = run.GetProperty("structures");
        Assert.Equal(5 * 4096, structures[0].GetProperty("tableBytesEnd").GetInt64());
        Assert.Equal((4 * 24) + (8 * run.GetProperty("frames").GetInt64()), structures[1].GetProperty("tableBytesEnd").GetInt64());
        Assert.Equal([4096L, 4096L, 4096L, 8192L], structures[0].GetProperty("bytesByLevel").EnumerateArray().Select(static each => each.GetInt64()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"name":"mine","walkCycles":50,"trapCycles":77.5,"probeCycles":3}""")]
    [InlineData("""{"name":"free","walkCycles":0,"trapCycles":0,"probeCycles":0,"entryReferenceCycles":0,"instructionCycles":0,"modifyTrapCycles":0,"invalidationCycles":0}""")]
    public void Cycles_are_the_counts_at_the_printed_prices(string? prices)
    {
        string[] args = ["compare", "--workload", Small, "--pmap", "x86-4level,mips-hashed,cuckoo,mips-cuckoo", "--json"];
        JsonElement document = Parse(prices is null ? args : [.. args, "--cost", FileOf("cost.json", prices)]);
        JsonElement cost = document.GetProperty("costModel");
        Assert.Equal(prices is null ? 5 : Root(prices).GetProperty("walkCycles").GetDouble(), Number(cost, "walkCycles"));
        Assert.Equal(prices?.Contains("free", StringComparison.Ordinal) == true ? 0 : 14, Number(cost, "entryReferenceCycles"));
        foreach (JsonElement each in document.GetProperty("runs")[0].GetProperty("structures").EnumerateArray())
        {
            double start = Number(each, "handlerInstructions") > 0 ? Number(cost, "trapCycles") : Number(cost, "walkCycles");
            double walks = (Number(each, "walks") * start) + (Number(each, "steps") * Number(cost, "entryReferenceCycles"))
                + (Number(each, "probes") * Number(cost, "probeCycles")) + (Number(each, "handlerInstructions") * Number(cost, "instructionCycles"));
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
        (int code, string output, string error) = Run("compare", "--workload", Small, "--cost", FileOf("cost.json", prices));
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
        (int code, string output, string error) = Run(["compare", .. args]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static JsonElement Parse(params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.Equal((0, ""), (code, error));
        return Root(output);
    }

    private static JsonElement Root(string json) => JsonDocument.Parse(json).RootElement;

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = Application.Run(args, output, error, new Terminal(isErrorRedirected: true));
        return (code, output.ToString(), error.ToString());
    }

    private string FileOf(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
