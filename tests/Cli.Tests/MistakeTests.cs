using BsdVm.Script;

namespace BsdVm.Cli.Tests;

/// <summary>One clean line for every mistake, and nothing that a terminal would obey.</summary>
public sealed class MistakeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public MistakeTests() => _folder.Write("s", "p1: mmap 0x10000000 1p rw- private anon\n# the last line\n");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("$B frobnicate", "unknown command 'frobnicate'")]
    [InlineData("$B --frobnicate", "unknown option '--frobnicate'")]
    [InlineData("$B run --frobnicate", "unknown option '--frobnicate'")]
    [InlineData("$B run s --transcript --frobnicate=3", "unknown option '--frobnicate'")]
    [InlineData("$B list -q", "unknown option '-q'")]
    [InlineData("$B run s extra", "unexpected argument 'extra'")]
    [InlineData("$B run ''", "argument is empty")]
    [InlineData("$B show s --process ''", "argument is empty")]
    [InlineData("$B show s --at x", "--at x: not a whole number")]
    [InlineData("$B show s --at 0", "has the lines 1 to 2")]
    [InlineData("$B show s --at 3", "has the lines 1 to 2")]
    [InlineData("$B show s --at -1", "has the lines 1 to 2")]
    [InlineData("$B list >/dev/full", "No space left")]
    [InlineData("$B list >&-", "standard output is closed")]
    [InlineData("$B run \"$(printf 'a\\033[31mb')\"", "a\\u001b[31mb")]
    [InlineData("$B list \"$(printf '\\033]0;x\\007')\"", "\\u001b]0;x\\u0007")]
    [InlineData("$B compare --pmap \"$(printf '\\302\\233x')\"", "\\u009bx")]
    [InlineData("printf 'p1: \\033[31m\\n' > e; $B run e", "e:1:")]
    [InlineData("$B run \"$(printf 'a\\nb')\"", "a\\nb")]
    public void A_mistake_is_one_clean_line(string line, string expected)
    {
        (int code, string output, string error) = ProgramRun.Shell(line, _folder.Path);
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, static c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void A_reader_that_goes_away_is_no_mistake()
    {
        (int code, string output, string error) = ProgramRun.Shell("($B list; echo $? >&2) | head -1", _folder.Path);
        Assert.Equal((0, "pmaps\n"), (code, output));
        Assert.Equal("0\n", error);
    }

    [Theory]
    [InlineData("compare")]
    [InlineData("convert")]
    [InlineData("run")]
    [InlineData("show")]
    [InlineData("list")]
    public void Help_has_an_example_and_no_escape_sequence(string command)
    {
        (int code, string output, string error) = ProgramRun.Of(command, "--help");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Example: bsdvm " + command, output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public void Help_tells_every_exit_code() =>
        Assert.Contains("3 the model broke a rule of its own", ProgramRun.Of("--help").Output, StringComparison.Ordinal);

    [Fact]
    public void A_broken_rule_is_told_with_its_line_and_exits_with_3()
    {
        var scenario = Scenario.Read(_folder["s"]);
        var runner = new ScriptRunner(scenario.Script, new BrokenMachine());
        var broken = Assert.Throws<BrokenScenarioException>(() => scenario.TryStep(runner));
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(3, Application.Complain(error, broken));
        Assert.Equal(
            $"bsdvm: {scenario.Script.FileName}:1: rule PV-SYMMETRY is broken by frame 7: expected 1 mapping, found 2\n", error.ToString());
    }

    [Theory]
    [InlineData(0, "before the first operation")]
    [InlineData(1, "after line 1")]
    [InlineData(2, "at the end, after line 3")]
    public void A_rule_broken_outside_of_the_lines_is_told_with_the_place(int executed, string place)
    {
        string file = _folder.Write("t", "p1: maps\n\np1: maps\n");
        var scenario = Scenario.Read(file);
        var runner = new ScriptRunner(scenario.Script, new SilentMachine());
        for (int step = 0; step < executed; step++)
        {
            scenario.TryStep(runner);
        }

        var broken = Assert.Throws<BrokenScenarioException>(() => scenario.Outside<int>(
            executed == 0 ? null : runner, () => throw new InvariantViolationException("PV-SYMMETRY", "frame 7", "1 mapping", "2")));
        Assert.Equal($"{file}: {place}: rule PV-SYMMETRY is broken by frame 7: expected 1 mapping, found 2", broken.Message);
    }

    [Fact]
    public void Parameters_of_tables_in_a_scenario_are_told_with_line_and_column()
    {
        string name = Choices.Pmaps.First(static backend => Choices.PmapProblem(backend.Name + ":8") is null).Name;
        _folder.Write("good", $"# first\nmachine frames=64 pmap={name}:8\np1: maps\n");
        _folder.Write("bad", $"# first\nmachine frames=64 pmap={name}:99\np1: maps\n");
        Assert.Equal(0, ProgramRun.Shell("$B run good", _folder.Path).Code);
        (int code, string output, string error) = ProgramRun.Shell("$B run bad", _folder.Path);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"bsdvm: bad:2:19: pmap={name}:99: what follows {name} is no parameter of it: ", error, StringComparison.Ordinal);
    }

    private sealed class SilentMachine : IScriptMachine
    {
        public ScriptResult Execute(ScriptOperation operation) => ScriptResult.Ok;

        public bool TryTakeCompletion(
            [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScriptOperation? operation,
            [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScriptResult? result)
        {
            operation = null;
            result = null;
            return false;
        }
    }

    private sealed class BrokenMachine : IScriptMachine
    {
        public ScriptResult Execute(ScriptOperation operation) =>
            throw new InvariantViolationException("PV-SYMMETRY", "frame 7", "1 mapping", "2");

        public bool TryTakeCompletion(
            [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScriptOperation? operation,
            [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScriptResult? result)
        {
            operation = null;
            result = null;
            return false;
        }
    }
}
