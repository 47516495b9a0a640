using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>
/// Random lives of up to eight processes, against byte arrays that know nothing of virtual memory: the same transcripts, all invariants
/// after each operation, whatever is forgotten in between. A failing case is printed as a scenario that replays it.
/// </summary>
public class PlainMemoryTests
{
    public static Arbitrary<Throw[]> Lives => RandomScript.Arbitrary(50);

    public static Arbitrary<ModelRun> Models => Gen.Elements(
        new ModelRun(Linux: false, Index: "rbtree", Layer: "shadow"),
        new ModelRun(Linux: false, Index: "list", Layer: "shadow", Forget: 7),
        new ModelRun(Linux: false, Index: "rbtree", Layer: "amap", Forget: 3),
        new ModelRun(Linux: false, Index: "list", Layer: "amap"),
        new ModelRun(Linux: true, Index: "rbtree"),
        new ModelRun(Linux: true, Index: "rbtree", Forget: 5)).ToArbitrary();

    [Property(360, Arbitrary = [typeof(PlainMemoryTests)])]
    public void Random_lives_agree_with_plain_memory(Throw[] throws, ModelRun model) =>
        AssertEqual(RandomScript.Text(throws, model.Linux), model);

    [Property(100, Arbitrary = [typeof(PlainMemoryTests)])]
    public void Two_level_tables_say_the_same_without_execute_rights(Throw[] throws, bool hasAmaps)
    {
        var wide = new ModelRun(Linux: false, "x86-4level", "rbtree", hasAmaps ? "amap" : "shadow", CheckMode.Off);
        VmScript script = Scenarios.Parse(RandomScript.Text(throws, linux: false));
        if (!script.Operations.OfType<FetchOperation>().Any())
        {
            Assert.Equal(
                wide.Run(script, coalesce: false).Transcript,
                (wide with { Pmap = "x86-2level" }).Run(script, coalesce: false).Transcript);
        }
    }

    private static void AssertEqual(string text, ModelRun model)
    {
        VmScript script = Scenarios.Parse(text);
        var plain = new ScriptRunner(script, new PlainMachine(script.Machine, model.Linux), coalesce: true);
        plain.RunThrough();
        try
        {
            Assert.Equal(plain.Transcript, model.Run(script, coalesce: true).Transcript);
        }
        catch (Exception e)
        {
            // Whatever went wrong, an assertion or a broken rule, the case is told as a scenario.
            throw new Xunit.Sdk.XunitException($"{e}\nReplay with:\n{text}");
        }
    }
}
