using BsdVm.Conformance;
using BsdVm.Snapshots;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>Snapshots of machines that random scripts run on: true when they are taken, and the same for ever after.</summary>
public class SnapshotTests
{
    [Theory]
    [InlineData(false, "shadow", false)]
    [InlineData(false, "amap", true)]
    [InlineData(true, "amap", false)]
    public void A_snapshot_says_what_the_structures_say_and_never_changes(bool linux, string layer, bool reference) =>
        Check.One(RunSettings.Configure(12), Prop.ForAll(RandomScript.Arbitrary(60), throws =>
        {
            VmScript script = Scenarios.Parse(RandomScript.Text(throws, linux));
            var model = new ModelRun(linux, Layer: layer, Check: CheckMode.Off, Reference: reference);
            KernelScriptMachine machine = model.Build(script.Machine);
            var runner = new ScriptRunner(script, machine);
            var taken = new List<(VmSystemSnapshot Snapshot, string Text)>();
            do
            {
                VmSystemSnapshot snapshot = machine.Kernel.Vm.Snapshot();
                LiveState.AssertEqual(machine.Kernel.Vm, snapshot);
                taken.Add((snapshot, DeepText.Of(snapshot)));
            }
            while (runner.TryStep());

            Assert.All(taken, static one => Assert.Equal(one.Text, DeepText.Of(one.Snapshot)));
            Assert.NotEqual(taken[0].Text, taken[^1].Text);
        }));
}
