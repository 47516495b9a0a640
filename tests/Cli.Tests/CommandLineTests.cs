using System.Text.Json;

namespace BsdVm.Cli.Tests;

/// <summary>The command line as a user meets it: what it prints, and how it answers mistakes.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Script =
        "p1: mmap 0x10000000 2p rw- private anon\np1: store 0x10000000 \"hi\"\np1: fork p2\np2: load 0x10000000 2 == \"hi\"\np1: maps\n";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compare_without_arguments_does_the_main_job()
    {
        (int code, string output, string error) = InProcess.Run("compare", "--json", "--no-time");
        Assert.Equal((0, ""), (code, error));
        JsonElement document = JsonDocument.Parse(output).RootElement;
        Assert.Equal("bsdvm", document.GetProperty("tool").GetString());
        JsonElement run = document.GetProperty("runs")[0];
        Assert.Equal(5409073, run.GetProperty("trace").GetProperty("accesses").GetInt64());
        Assert.False(run.TryGetProperty("time", out _));
        Assert.Equal(
            run.GetProperty("tlb").GetProperty("l2Misses").GetInt64(), run.GetProperty("structures")[0].GetProperty("walks").GetInt64());
        Assert.Equal(output, InProcess.Run("compare", "--json", "--no-time").Output);
    }

    [Fact]
    public void Run_prints_a_transcript_and_nothing_else()
    {
        (int code, string output, string error) = InProcess.Run("run", _folder.Write("a.vms", Script), "--transcript");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("1 0x10000000\n2 ok\n3 ok\n4 \"hi\"\n5 1\n  10000000-10002000 rw- private anon\n", output);
    }

    [Fact]
    public void A_failed_assertion_is_told_and_exits_with_1()
    {
        (int code, _, string error) = InProcess.Run("run", _folder.Write("a.vms", "p1: load 0x10000000 1 == ok\n"));
        Assert.Equal(1, code);
        Assert.Contains("a.vms:1: p1: load 0x10000000 1: expected ok, saw SIGSEGV", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_are_one_document()
    {
        (int code, string output, _) = InProcess.Run("run", _folder.Write("a.vms", Script), "--stats", "--json");
        Assert.Equal(0, code);
        JsonElement document = JsonDocument.Parse(output).RootElement;
        Assert.Equal(5, document.GetProperty("operations").GetInt64());
        Assert.Equal(1, document.GetProperty("faults").GetProperty("zeroFill").GetInt64());
        Assert.Equal(2, document.GetProperty("processes").GetArrayLength());
    }

    [Theory]
    [InlineData("A3", "physical address 0x2468")]
    [InlineData("A3", "physical address 0x1237abc")]
    [InlineData("A4", "physical address 0x1237abc")]
    [InlineData("A4", "3 memory references")]
    [InlineData("A4", "mapped by 1 frame of table")]
    [InlineData("A5", "physical address 0x20678, where the word is 0x30678")]
    [InlineData("A5", "data abort: translation fault, first level")]
    public void Worked_numbers_are_reproduced(string example, string expected) =>
        Assert.Contains(expected, InProcess.Run("show", "--worked", example).Output, StringComparison.Ordinal);

    [Fact]
    public void Show_draws_the_state_after_a_line()
    {
        (int code, string output, _) = InProcess.Run("show", _folder.Write("a.vms", Script), "--at", "2", "--va", "0x10000000");
        Assert.Equal(0, code);
        Assert.Contains("10000000-10002000", output, StringComparison.Ordinal);
        Assert.Contains("5 memory references", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x86-2level", "ia32")]
    [InlineData("x86-pae", "pae")]
    [InlineData("x86-4level", "amd64")]
    [InlineData("armv7-short", "armv7")]
    [InlineData("mips-radix:r4000", "mips")]
    public void Dump_holds_memory_roots_mappings_and_queries(string pmap, string architecture)
    {
        string folder = _folder["dump-" + architecture];
        Assert.Equal(0, InProcess.Run("run", _folder.Write("a.vms", Script), "--pmap", pmap, "--dump", folder).Code);
        JsonElement machine = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "machine.json"))).RootElement;
        Assert.Equal(architecture, machine.GetProperty("arch").GetString());
        Assert.Equal(pmap, machine.GetProperty("pmap").GetString());
        Assert.Equal(machine.GetProperty("memoryBytes").GetInt64(), new FileInfo(Path.Combine(folder, "memory.bin")).Length);
        JsonElement process = machine.GetProperty("processes")[0];
        JsonElement page = process.GetProperty("mappings")[0];
        JsonElement[] queries =
            [.. File.ReadLines(Path.Combine(folder, "queries.jsonl")).Select(static line => JsonDocument.Parse(line).RootElement)];
        JsonElement Answer(string address, string access) => queries.First(query =>
            query.GetProperty("va").GetString() == address && query.GetProperty("access").GetString() == access
            && query.GetProperty("priv").GetString() == "user").GetProperty("expect");

        Assert.StartsWith("0x", process.GetProperty("root").EnumerateObject().First().Value.GetString(), StringComparison.Ordinal);
        Assert.Equal("0x10000000", page.GetProperty("va").GetString());
        Assert.Equal(4096, page.GetProperty("length").GetInt32());
        Assert.Equal(page.GetProperty("pa").GetString(), Answer("0x10000000", "read").GetProperty("pa").GetString());
        Assert.Equal("ok", Answer("0x10000fff", "read").GetProperty("result").GetString());
        Assert.Equal(
            architecture switch { "armv7" => "permission", "mips" => "modified", _ => "protection" },
            Answer("0x10000fff", "write").GetProperty("fault").GetString());
        Assert.Equal("fault", Answer("0xfffffff", "read").GetProperty("result").GetString());
        Assert.Equal(
            architecture switch { "armv7" => "translation", "mips" => "refill", _ => "not-present" },
            Answer("0xfffffff", "read").GetProperty("fault").GetString());
    }

    [Fact]
    public void Dump_needs_a_machine_that_others_know() =>
        Assert.Equal(2, InProcess.Run("run", _folder.Write("a.vms", Script), "--pmap", "reference", "--dump", _folder["none"]).Code);

    [Theory]
    [InlineData("valid: x86-2level, x86-pae, x86-4level, armv7-short, ", "compare", "--pmap", "x86-9level")]
    [InlineData("there is no such file", "compare", "missing.lackey")]
    [InlineData("valid: sequential, strided,", "compare", "--workload", "zip")]
    [InlineData("l2=7x2", "compare", "--tlb", "l2=7x2")]
    [InlineData("valid: text, csv, json", "compare", "--format", "xml")]
    [InlineData("compare, convert, run, show, list", "frobnicate")]
    [InlineData("compare, convert, run, show, list")]
    [InlineData("missing.vms", "run", "missing.vms")]
    [InlineData("valid: pmaps", "list", "colours")]
    [InlineData("valid: A3, A4, A5", "show", "--worked", "Z9")]
    public void Mistakes_are_one_line_and_exit_with_2(string expected, params string[] args)
    {
        (int code, string output, string error) = InProcess.Run(args);
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_trace_is_one_line()
    {
        byte[] bytes;
        using (Stream trace = Traces.DefaultTrace.Open())
        {
            bytes = new byte[trace.Length];
            trace.ReadExactly(bytes);
        }

        foreach (int length in (int[])[0, 1, 7, 100, 5000, bytes.Length / 2, bytes.Length - 1])
        {
            string file = _folder["cut.bvt"];
            File.WriteAllBytes(file, bytes[..length]);
            (int code, _, string error) = InProcess.Run("compare", file);
            Assert.True(code == 2 || length == 0, $"{length} bytes: exit {code}");
            Assert.True(error.Count(static c => c == '\n') <= 1, error);
        }
    }

    [Fact]
    public void A_script_that_does_not_parse_names_line_and_column()
    {
        (int code, _, string error) = InProcess.Run("run", _folder.Write("a.vms", "p1: mmap 0x10000000 1p rw- private anon\np1: jump 3\n"));
        Assert.Equal(2, code);
        Assert.Contains("a.vms:2:5:", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_writes_what_compare_reads_alike()
    {
        string text = _folder.Write("t.lackey", "I  04001234,3\n S 1fff000558,8\n L 1fff000558,8\n M 04033e06,1\n");
        string binary = _folder["t.bvt"];
        Assert.Equal(0, InProcess.Run("convert", text, binary).Code);
        string[] results = [.. new[] { text, binary }.Select(file =>
            InProcess.Run("compare", file, "--format", "csv").Output.Replace(file, "T", StringComparison.Ordinal))];
        Assert.Equal(results[0], results[1]);
    }
}
