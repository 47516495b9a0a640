namespace BsdVm.Script.Tests;

/// <summary>Our own scenarios on every backend, index and anonymous layer that fits, all invariants checked after each operation.</summary>
public class OwnScenarioTests
{
    private const string Narrow = "x86-2level";
    private static readonly ulong?[] Seeds = [null, 1, 2];

    public static TheoryData<string, bool> Files => Scenarios.WithSystems([.. Scenarios.Own, .. Scenarios.History]);

    public static TheoryData<string, bool> Historical => Scenarios.WithSystems(Scenarios.History);

    [Theory]
    [MemberData(nameof(Files))]
    public void Scenario_holds_on_every_machine(string file, bool linux)
    {
        VmScript script = Scenarios.Read(file);
        IReadOnlyList<string> first = Transcript(script, Machines(script, linux).First());
        foreach (ModelRun run in Machines(script, linux).Skip(1).Concat(OtherMachines(script, linux, first)))
        {
            Assert.Equal(string.Join('\n', first), string.Join('\n', Transcript(script, run)));
        }
    }

    // Rows as the system keeps them: whether entries join shows only so.
    [Theory]
    [MemberData(nameof(Historical))]
    public void Historical_bug_stays_away_without_coalescing(string file, bool linux)
    {
        VmScript script = Scenarios.Read(file);
        foreach (ModelRun run in Machines(script, linux))
        {
            Assert.Empty(run.Run(script, coalesce: false).Failures);
        }
    }

    [Fact]
    public void Most_scenarios_are_told_by_narrow_machines_too()
    {
        int told = Files.Count(row => IsToldByNarrow(Scenarios.Read((string)row[0]), (bool)row[1]));
        Assert.InRange(told, Files.Count / 2, Files.Count);
    }

    private static bool IsToldByNarrow(VmScript script, bool linux)
    {
        IReadOnlyList<string> transcript = Transcript(script, Machines(script, linux).First() with { Check = CheckMode.Off });
        return OtherMachines(script, linux, transcript).Any(static run => run.Pmap == Narrow && !run.Reference);
    }

    private static IReadOnlyList<string> Transcript(VmScript script, ModelRun run)
    {
        ScriptRunner runner = run.Run(script, coalesce: true);
        Assert.True(runner.Failures.Count == 0, $"{run}: {string.Join('\n', runner.Failures)}");
        return runner.Transcript;
    }

    private static IEnumerable<ModelRun> Machines(VmScript script, bool linux) =>
        from layer in Layers(linux)
        from index in (string[])["rbtree", "list"]
        from seed in Seeds
        select new ModelRun(linux, OwnPmap(script), index, layer, Forget: seed);

    // Other translations that must tell the same story: a dictionary with the abilities of the scenario's machine, and a narrower machine.
    private static IEnumerable<ModelRun> OtherMachines(VmScript script, bool linux, IReadOnlyList<string> transcript)
    {
        string pmap = OwnPmap(script);
        foreach (string layer in Layers(linux))
        {
            if (!NarrowMachine.CountsFrames(script))
            {
                yield return new ModelRun(linux, pmap, "rbtree", layer, Reference: true);
                yield return new ModelRun(linux, pmap, "list", layer, Forget: 3, Reference: true);
            }

            if (pmap != Narrow && script.Machine.Pmap is null && NarrowMachine.CanTell(script, transcript))
            {
                yield return new ModelRun(linux, Narrow, layer == "amap" ? "list" : "rbtree", layer, Forget: 4);
            }
        }
    }

    // A scenario that names its machine means that one.
    private static string OwnPmap(VmScript script) => script.Machine.Pmap ?? MachineOptions.DefaultPmap;

    private static string[] Layers(bool linux) => linux ? ["amap"] : ["shadow", "amap"];
}
