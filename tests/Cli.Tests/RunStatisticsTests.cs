using System.Text.Json.Nodes;

namespace BsdVm.Cli.Tests;

/// <summary>What <c>run --stats</c> prints was counted, and is the same as text and as JSON.</summary>
public sealed class RunStatisticsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hits_and_misses_are_all_accesses()
    {
        JsonNode tlb =
            Tlb("p1: mmap 0x10000000 4p rw- private anon\np1: fill 0x10000000 4p 1\np1: load 0x10000000 1\np1: load 0x10001000 1\n");
        Assert.Equal((2L, 4L), (tlb["hits"]!.GetValue<long>(), tlb["misses"]!.GetValue<long>()));
    }

    [Fact]
    public void Noughts_are_told_where_they_were_counted()
    {
        JsonObject statistics = Statistics("p1: mmap 0x10000000 4p rw- private anon\n");
        Assert.Equal((0L, 0L), (statistics["swap"]!["total"]!.GetValue<long>(), statistics["swap"]!["used"]!.GetValue<long>()));
        // One processor asks nobody.
        Assert.Equal(0, statistics["tlb"]!["shootdowns"]!.GetValue<long>());
    }

    [Fact]
    public void Text_and_JSON_tell_the_same()
    {
        string file = _folder.Write(
            "s", "p1: mmap 0x10000000 9p rw- private anon\np1: fill 0x10000000 7p 1\np1: fork p2\np2: store 0x10000000 \"a\"\n");
        JsonObject json = JsonNode.Parse(InProcess.Run("run", file, "--stats", "--json").Output)!.AsObject();
        string text = InProcess.Run("run", file, "--stats").Output;
        JsonNode faults = json["faults"]!;
        JsonNode frames = json["frames"]!;
        JsonNode tlb = json["tlb"]!;
        Assert.Contains($"{json["operations"]} operations", text, StringComparison.Ordinal);
        Assert.Contains(
            $"faults: {faults["zeroFill"]} zero fill, {faults["readZero"]} zero page, {faults["copyOnWrite"]} copy-on-write",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            $"TLB: {tlb["hits"]} hits, {tlb["misses"]} misses, {tlb["shootdowns"]} shootdowns\n",
            text, StringComparison.Ordinal);
        Assert.Contains(
            $"frames: {frames["total"]} in all, {frames["free"]} free, {frames["active"]} active", text, StringComparison.Ordinal);
        Assert.All(json["processes"]!.AsArray(), process => Assert.Matches(
            $"(?m)^{process!["name"]} +{process["minorFaults"]} +{process["majorFaults"]} +{process["residentPages"]} "
                + $"+{process["entries"]}$",
            text));
    }

    private JsonNode Tlb(string script) => Statistics(script)["tlb"]!;

    private JsonObject Statistics(string script) =>
        JsonNode.Parse(InProcess.Run("run", _folder.Write("s", script), "--stats", "--json").Output)!.AsObject();
}
