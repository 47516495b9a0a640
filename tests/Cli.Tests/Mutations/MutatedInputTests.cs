using BsdVm.Conformance;

namespace BsdVm.Cli.Tests.Mutations;

/// <summary>
/// Damaged inputs of every kind: each ends with an exit code that the program documents, a mistake with one line, none with a stack trace,
/// none later than in a minute. The inputs come from the run's seed; CHECK_COUNT=500 makes 4000 of them.
/// </summary>
public sealed class MutatedInputTests : IDisposable
{
    private const int UsualCount = 50;
    private const string FileMark = "FILE";

    private static readonly string[][] ScenarioCommands =
    [
        ["run", FileMark, "--transcript"],
        ["run", FileMark, "--check", "amortized", "--stats", "--json"],
        ["run", FileMark, "--os", "linux", "--stats"],
        ["run", FileMark, "--os", "bsd", "--anon", "amap", "--index", "list", "--coalesce"],
        ["run", FileMark, "--policy", "lite2", "--transcript"],
        ["show", FileMark],
        ["show", FileMark, "--json", "--va", "0x10000000"],
        ["show", FileMark, "--at", "5", "--frames"],
    ];

    private static readonly string[] CostCommand =
        ["compare", "--workload", "loop:pages=4,refs=20", "--cost", FileMark, "--format", "json"];

    private readonly string _folder = Directory.CreateTempSubdirectory("bsdvm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Property(UsualCount, Arbitrary = [typeof(MutatedInput)])]
    public void Scenarios(MutatedInput input) => Check(input, Inputs.Scenarios, ScenarioCommands);

    [Property(UsualCount, Arbitrary = [typeof(MutatedInput)])]
    public void Logs(MutatedInput input) => Check(input, Inputs.Logs, TraceCommands());

    [Property(UsualCount, Arbitrary = [typeof(MutatedInput)])]
    public void Compact_traces(MutatedInput input) => Check(input, Inputs.Binaries(_folder), TraceCommands());

    [Property(UsualCount, Arbitrary = [typeof(MutatedInput)])]
    public void Words(MutatedInput input) => Check(input, Inputs.Words, TraceCommands("--u64"));

    [Property(UsualCount, Arbitrary = [typeof(MutatedInput)])]
    public void Page_lists(MutatedInput input) => Check(input, Inputs.Pages, TraceCommands("--pages"));

    [Property(UsualCount, Arbitrary = [typeof(MutatedInput)])]
    public void Maps(MutatedInput input) => Check(input, Inputs.Maps, MapsCommands());

    [Property(UsualCount, Arbitrary = [typeof(MutatedInput)])]
    public void Cost_models(MutatedInput input) => Check(input, Inputs.Costs, [CostCommand]);

    [Fact]
    public void Undamaged_inputs_are_good_ones()
    {
        // As the script says, or with its system told: a few hold for Linux without saying so.
        Assert.All(Inputs.Scenarios, script => Assert.Contains(
            ScenarioCommands.Take(3), command => Code(script, command) != Application.BadUsage));
        Assert.All(Inputs.Logs, log => Assert.Equal(Application.Success, Code(log, TraceCommands()[0])));
        Assert.All(Inputs.Binaries(_folder), trace => Assert.Equal(Application.Success, Code(trace, TraceCommands()[0])));
        Assert.All(Inputs.Words, words => Assert.Equal(Application.Success, Code(words, TraceCommands("--u64")[0])));
        Assert.All(Inputs.Pages, pages => Assert.Equal(Application.Success, Code(pages, TraceCommands("--pages")[0])));
        Assert.All(Inputs.Maps, maps => Assert.Equal(Application.Success, Code(maps, MapsCommands()[0])));
        Assert.All(Inputs.Costs, cost => Assert.Equal(Application.Success, Code(cost, CostCommand)));
    }

    private int Code(byte[] input, string[] command) => CommandRun.Code(Command(command, input));

    private string[] Command(string[] command, byte[] input)
    {
        string file = Path.Combine(_folder, "input");
        File.WriteAllBytes(file, input);
        return [.. command.Select(word => word == FileMark ? file : word)];
    }

    private string[][] MapsCommands()
    {
        string log = Path.Combine(_folder, "log");
        File.WriteAllBytes(log, Inputs.Logs[0]);
        return [["compare", log, "--maps", FileMark], ["convert", log, Path.Combine(_folder, "out"), "--maps", FileMark]];
    }

    private string[][] TraceCommands(params string[] options) =>
    [
        ["compare", FileMark, "--format", "json", .. options],
        ["compare", FileMark, "--pmap", Choices.Pmaps[^2].Name, "--fold", "--format", "csv", .. options],
        ["convert", FileMark, Path.Combine(_folder, "out.bvt"), .. options],
        ["compare", FileMark, "--page-size", "promote", "--tlb", "l1=64x4,l2=0x0,policy=fifo", .. options],
    ];

    private void Check(MutatedInput input, IReadOnlyList<byte[]> inputs, string[][] commands)
    {
        byte[] bytes = input.Apply(inputs);
        CommandRun.EndsAsPromised(Command(commands[input.Command % commands.Length], bytes), () => CommandRun.Shown(bytes));
    }
}
