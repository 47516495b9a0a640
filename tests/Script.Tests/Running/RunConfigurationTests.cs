namespace BsdVm.Script.Tests;

/// <summary>Command line over script over default, and what does not go together.</summary>
public class RunConfigurationTests
{
    [Theory]
    [InlineData("", null, null, null, "Bsd Corrected Shadow x86-4level 65536")]
    [InlineData("machine os=linux frames=100", null, null, null, "Linux  Amap x86-4level 100")]
    [InlineData("machine os=linux", ScriptOs.Bsd, ScriptPolicy.Lite2, null, "Bsd Lite2 Shadow x86-4level 65536")]
    [InlineData("machine policy=lite2 pmap=x86-2level", null, null, null, "Bsd Lite2 Shadow x86-2level 65536")]
    [InlineData("machine policy=lite2", ScriptOs.Linux, null, null, "Linux  Amap x86-4level 65536")]
    [InlineData("", null, null, ScriptAnon.Amap, "Bsd Corrected Amap x86-4level 65536")]
    public void The_command_line_overrides_the_script(
        string machine, ScriptOs? os, ScriptPolicy? policy, ScriptAnon? anon, string expected)
    {
        bool ok = RunConfiguration.TryResolve(
            Scenarios.Parse(machine).Machine, new RunOptions { Os = os, Policy = policy, Anon = anon }, out RunConfiguration? made, out _);
        Assert.True(ok);
        Assert.Equal(expected, $"{made!.Os} {made.Policy} {made.Anon} {made.Pmap} {made.Frames}");
    }

    [Theory]
    [InlineData("", ScriptOs.Linux, ScriptPolicy.Corrected, null, "--policy goes with --os bsd")]
    [InlineData("machine os=linux", null, ScriptPolicy.Lite2, null, "--policy goes with --os bsd")]
    [InlineData("", ScriptOs.Linux, null, ScriptAnon.Shadow, "--anon shadow does not go with --os linux")]
    [InlineData("machine policy=lite2", null, null, ScriptAnon.Amap, "--anon amap does not go with --policy lite2")]
    public void What_makes_no_sense_together_is_said(
        string machine, ScriptOs? os, ScriptPolicy? policy, ScriptAnon? anon, string problem)
    {
        bool ok = RunConfiguration.TryResolve(
            Scenarios.Parse(machine).Machine, new RunOptions { Os = os, Policy = policy, Anon = anon }, out _, out string? said);
        Assert.False(ok);
        Assert.StartsWith(problem, said, StringComparison.Ordinal);
    }
}
