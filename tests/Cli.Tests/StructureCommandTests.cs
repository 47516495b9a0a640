using System.Globalization;
using System.Text.Json;

namespace BsdVm.Cli.Tests;

/// <summary>The names of table structures, and what <c>show --va</c> tells of a walk in each.</summary>
public sealed class StructureCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bsdvm").FullName;

    public static TheoryData<string> Listed => [.. Names()];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void List_tells_what_may_follow_each_name()
    {
        string text = ProgramRun.Of("list", "pmaps").Output;
        Assert.Contains(
            "(:N pages an entry, 2 to 32 by powers of two, 16 if left out; :segN address bits, 40 to 62", text, StringComparison.Ordinal);
        Assert.Contains(":r4000 for :seg40", text, StringComparison.Ordinal);
        Assert.DoesNotContain(":hw", text, StringComparison.Ordinal);
        Assert.Equal(20, Names().Count);
    }

    // Every name that is listed runs a program, and what is told of its walks has as many references as it counts.
    [Theory]
    [MemberData(nameof(Listed))]
    public void Every_structure_tells_its_walk(string name)
    {
        string script = Path.Combine(_folder, "touch.vms");
        File.WriteAllText(script, "p1: mmap 0x10000000 2p rw- private anon\np1: store 0x10000fff \"hi\"\n");
        string[] args = ["show", script, "--pmap", name, "--va", "0x10000123"];
        (int code, string shown, string error) = ProgramRun.Of(args);
        Assert.Equal((0, ""), (code, error));
        if (name == "reference")
        {
            Assert.Contains("no tables in memory: nothing to walk", shown, StringComparison.Ordinal);
            return;
        }

        JsonElement walk = Json([.. args, "--json"]).GetProperty("walk");
        int references = walk.GetProperty("references").GetInt32();
        Assert.Equal(references, walk.GetProperty("steps").GetArrayLength());
        Assert.InRange(references, 1, 8);
        Assert.EndsWith("123", walk.GetProperty("pa").GetString(), StringComparison.Ordinal);
        string count = string.Create(
            CultureInfo.InvariantCulture, $"{references + 1} memory references for one load without a TLB: {references} table entries");
        Assert.Contains(count, shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mips-hashed:hw", "hashed")]
    [InlineData("mips-clustered:8:hw", "clustered:8")]
    [InlineData("mips-radix:hw:seg62", "radix:seg62")]
    public void An_old_name_is_told_the_new_one(string old, string now)
    {
        (int code, _, string error) = ProgramRun.Of("compare", "--pmap", old);
        Assert.Equal(2, code);
        Assert.Contains($"pmap '{old}' is called '{now}' now", error, StringComparison.Ordinal);
    }

    private static List<string> Names() =>
    [
        .. Json("list", "pmaps", "--json").GetProperty("pmaps").EnumerateArray()
            .Select(static each => each.GetProperty("name").GetString()!),
    ];

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(ProgramRun.Of(args).Output).RootElement;
}
