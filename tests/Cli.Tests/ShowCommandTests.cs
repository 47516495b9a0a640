using System.Text.Json;

namespace BsdVm.Cli.Tests;

/// <summary><c>show</c>: TLBs, the page of zeros, walks and worked numbers, as text and as JSON.</summary>
public sealed class ShowCommandTests : IDisposable
{
    private const string Script =
        "p1: mmap 0x10000000 2p rw- private anon\np1: store 0x10000000 \"x\"\np1: load 0x10001000 1 == \"\\x00\"\n";

    private readonly string _file = Path.GetTempFileName();

    public ShowCommandTests() => File.WriteAllText(_file, Script);

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("--tlb")]
    [InlineData("--frames")]
    public void Tlbs_are_shown(string option)
    {
        string output = Run(_file, "--os", "linux", option);
        Assert.Contains("data TLB of CPU 0", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^  0x10000000 .* rw- .*modified", output);
        Assert.Equal(option == "--tlb", !output.Contains("objects", StringComparison.Ordinal));
    }

    [Fact]
    public void The_mappings_of_the_page_of_zeros_are_known() =>
        Assert.Contains("frame 0x1: reserved, 1 mappings", Run(_file, "--os", "linux", "--frames"), StringComparison.Ordinal);

    [Fact]
    public void The_state_is_one_document()
    {
        JsonElement document = JsonDocument.Parse(Run(_file, "--json", "--va", "0x10000000")).RootElement;
        Assert.Equal("show", document.GetProperty("command").GetString());
        Assert.Equal("0x10000000", document.GetProperty("map").GetProperty("entries")[0].GetProperty("start").GetString());
        JsonElement walk = document.GetProperty("walk");
        Assert.Equal((4, 4), (walk.GetProperty("references").GetInt32(), walk.GetProperty("steps").GetArrayLength()));
        Assert.Contains(
            document.GetProperty("tlbs").EnumerateArray().SelectMany(static tlb => tlb.GetProperty("translations").EnumerateArray()),
            static entry => entry.GetProperty("va").GetString() == "0x10000000" && entry.GetProperty("user").GetString() == "rw-");
    }

    [Fact]
    public void A_machine_that_software_refills_shows_its_joint_tlb_and_its_tables()
    {
        string output = Run(_file, "--pmap", "mips-radix");
        Assert.Matches(@"(?m)^joint TLB of CPU 0, filled by software: [1-9]\d* pages in use$", output);
        Assert.Matches(@"(?m)^page table at 0x[0-9a-f]+, for 0x10000000-0x101fffff: \d+ entries in use$", output);
    }

    [Fact]
    public void A_machine_without_tables_prints_no_count()
    {
        string output = Run(_file, "--pmap", "reference", "--va", "0x10000000");
        Assert.Contains("no tables in memory", output, StringComparison.Ordinal);
        Assert.DoesNotContain("memory references", output, StringComparison.Ordinal);
        JsonElement document = JsonDocument.Parse(Run(_file, "--pmap", "reference", "--va", "0x10000000", "--json")).RootElement;
        JsonElement walk = document.GetProperty("walk");
        Assert.Equal(JsonValueKind.Null, walk.GetProperty("references").ValueKind);
    }

    [Fact]
    public void A_linear_table_takes_two_references()
    {
        string output = Run("--worked", "A3");
        string[] physical = ["0x2468", "0x1237abc", "0xfffabc", "0xabc", "0x4000abc"];
        Assert.All(physical, address => Assert.Contains($"physical address {address}\n", output, StringComparison.Ordinal));
        Assert.Equal(5, output.Split("2 memory references for one load without a TLB: 1 table entries").Length - 1);
        Assert.Contains("a load gives 'A'", output, StringComparison.Ordinal);
    }

    private static string Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, Application.Run(["show", .. args], output, error, new Terminal(isErrorRedirected: true)));
        Assert.Equal("", error.ToString());
        return output.ToString();
    }
}
