using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>The generator itself: its scripts are scripts, and they do something.</summary>
public class RandomScriptTests
{
    public static Arbitrary<Throw[]> Lives => RandomScript.Arbitrary(60);

    [Property(600, Arbitrary = [typeof(RandomScriptTests)])]
    public void Every_random_script_parses_and_runs_on_plain_memory(Throw[] throws, bool linux) =>
        Assert.NotEmpty(Run(throws, linux).Transcript);

    [Fact]
    public void Every_simpler_script_is_a_script()
    {
        Throw[] throws = RandomScript.Arbitrary(40).Generator.Sample(1, RunSettings.Generator, 40).Single();
        foreach (Throw[] simpler in RandomScript.Arbitrary(40).Shrinker(throws))
        {
            Assert.NotEmpty(Run(simpler, linux: false).Transcript);
        }
    }

    [Fact]
    public void Random_scripts_reach_successes_and_signals()
    {
        string[] results = Lives.Generator.Sample(60, RunSettings.Generator, 200)
            .SelectMany(throws => Run(throws, linux: false).Transcript)
            .Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
            .ToArray();
        Assert.InRange(results.Count(result => result.StartsWith('"')) / (double)results.Length, 0.1, 0.9);
        Assert.InRange(results.Count(result => result == "SIGSEGV") / (double)results.Length, 0.05, 0.8);
        Assert.Contains("SIGBUS", results);
        Assert.Contains("EEXIST", results);
        Assert.Contains(results, result => result.StartsWith('"') && result.Contains('f', StringComparison.Ordinal));
    }

    private static ScriptRunner Run(Throw[] throws, bool linux)
    {
        VmScript script = Scenarios.Parse(RandomScript.Text(throws, linux));
        ScriptRunner runner = new(script, new PlainMachine(script.Machine, linux), coalesce: true);
        runner.RunThrough();
        return runner;
    }
}
