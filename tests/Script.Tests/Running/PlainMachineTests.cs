namespace BsdVm.Script.Tests;

/// <summary>
/// The scenarios of our own say only what byte arrays that know nothing of virtual memory say too. Those without an <c>os=</c> hold for
/// both systems.
/// </summary>
public class PlainMachineTests
{
    public static TheoryData<string, bool> OwnScenarios => Scenarios.WithSystems(Scenarios.Own);

    [Theory]
    [MemberData(nameof(OwnScenarios))]
    public void Scenario_holds_on_plain_memory(string file, bool linux)
    {
        VmScript script = Scenarios.Read(file);
        ScriptRunner runner = new(script, new PlainMachine(script.Machine, linux), coalesce: true);
        runner.RunThrough();
        Assert.Empty(runner.Failures);
    }

    [Theory]
    [MemberData(nameof(OwnScenarios))]
    public void Scenario_checks_itself(string file, bool linux)
    {
        int checks = Scenarios.Read(file).Operations.Count(operation => operation.Expected is not null);
        Assert.True(checks >= 2, $"{file} (linux: {linux}) has {checks} assertions");
    }
}
