namespace BsdVm.Script.Tests;

/// <summary>
/// Random lives of up to eight processes, against byte arrays that know nothing of virtual memory: the same transcripts, all invariants
/// after each operation, whatever is forgotten in between. A failing case is printed as a scenario that replays it.
/// </summary>
public class PlainMemoryTests
{
    public static TheoryData<bool, string, string, ulong> Machines => new()
    {
        { false, "shadow", "rbtree", 0 },
        { false, "shadow", "list", 7 },
        { false, "amap", "rbtree", 3 },
        { false, "amap", "list", 0 },
        { true, "amap", "rbtree", 0 },
        { true, "amap", "rbtree", 5 },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Random_lives_agree_with_plain_memory(bool linux, string layer, string index, ulong forget)
    {
        var model = new ModelRun(linux, "x86-4level", index, layer, Forget: forget == 0 ? null : forget);
        PropertyCheck.Holds(RandomScript.Arbitrary(50), throws => AssertEqual(RandomScript.Text(throws, linux), model), count: 60);
    }

    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void Two_level_tables_say_the_same_without_execute_rights(string layer)
    {
        var wide = new ModelRun(false, "x86-4level", "rbtree", layer, CheckMode.Off);
        PropertyCheck.Holds(
            RandomScript.Arbitrary(50),
            throws =>
            {
                VmScript script = Scenarios.Parse(RandomScript.Text(throws, linux: false));
                if (!script.Operations.OfType<FetchOperation>().Any())
                {
                    Assert.Equal(
                        wide.Run(script, coalesce: false).Transcript,
                        (wide with { Pmap = "x86-2level" }).Run(script, coalesce: false).Transcript);
                }
            },
            count: 50);
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
