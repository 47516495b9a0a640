namespace BsdVm.Script.Tests;

/// <summary>Our own scenarios on every backend, index and anonymous layer that fits, all invariants checked after each operation.</summary>
public class OwnScenarioTests
{
    private static readonly ulong?[] Seeds = [null, 1, 2];

    public static TheoryData<string, bool> Files => PlainMachineTests.OwnScenarios;

    [Theory]
    [MemberData(nameof(Files))]
    public void Scenario_holds_on_every_machine(string file, bool linux)
    {
        VmScript script = Scenarios.Read(file);
        string? first = null;
        foreach (ModelRun run in Machines(script, linux))
        {
            ScriptRunner runner = run.Run(script, coalesce: true);
            Assert.True(runner.Failures.Count == 0, $"{run}: {string.Join('\n', runner.Failures)}");
            string transcript = string.Join('\n', runner.Transcript);
            Assert.Equal(first ??= transcript, transcript);
        }
    }

    private static IEnumerable<ModelRun> Machines(VmScript script, bool linux)
    {
        string[] layers = linux ? ["amap"] : ["shadow", "amap"];
        foreach (string layer in layers)
        {
            // A scenario that names its machine means that one; the others must say the same on machines with the same abilities.
            string pmap = script.Machine.Pmap ?? MachineOptions.DefaultPmap;
            foreach (string index in (string[])["rbtree", "list"])
            {
                foreach (ulong? seed in Seeds)
                {
                    yield return new ModelRun(linux, pmap, index, layer, Forget: seed);
                }
            }
        }
    }
}
