using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>
/// Random scripts of every operation of the language: each index, each anonymous layer and each choice of what is forgotten tell the same
/// transcript, all invariants after each operation. A failing case is printed as a scenario that replays it.
/// </summary>
public class EveryOperationTests
{
    public static Arbitrary<Throw[]> Throws => RandomScript.Arbitrary(60);

    [Property(50, Arbitrary = [typeof(EveryOperationTests)])]
    public void Layers_and_indices_of_4_4_bsd_agree(Throw[] throws, bool eager) =>
        AssertAgree(EveryOperation.Text(throws, linux: false, eager), Bsd);

    [Property(50, Arbitrary = [typeof(EveryOperationTests)])]
    public void Indices_of_linux_agree(Throw[] throws, bool eager) => AssertAgree(EveryOperation.Text(throws, linux: true, eager), Linux);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_operation_of_the_language_succeeds_now_and_then(bool linux)
    {
        HashSet<Type> succeeded = [];
        foreach (Throw[] throws in Throws.Generator.Sample(60, RunSettings.Generator, 300))
        {
            VmScript script = Scenarios.Parse(EveryOperation.Text(throws, linux, eager: false));
            KernelScriptMachine machine = new ModelRun(linux, Check: CheckMode.Off).Build(script.Machine);
            foreach (ScriptOperation operation in script.Operations)
            {
                string result = machine.Execute(operation).ToTranscriptText();
                _ = !result.StartsWith('E') && !result.StartsWith("SIG", StringComparison.Ordinal) && succeeded.Add(operation.GetType());
            }
        }

        IEnumerable<Type> all = typeof(ScriptOperation).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(ScriptOperation)) && !type.IsAbstract);
        Assert.Empty(all.Except(succeeded));
    }

    private static IEnumerable<ModelRun> Bsd =>
    [
        new(false, Index: "rbtree", Layer: "shadow"),
        new(false, Index: "list", Layer: "shadow", Forget: 7),
        new(false, Index: "rbtree", Layer: "amap", Forget: 3),
        new(false, Index: "list", Layer: "amap"),
    ];

    private static IEnumerable<ModelRun> Linux => [new(true, Index: "rbtree"), new(true, Index: "list", Forget: 5)];

    private static void AssertAgree(string text, IEnumerable<ModelRun> models)
    {
        VmScript script = Scenarios.Parse(text);
        IReadOnlyList<string>? first = null;
        foreach (ModelRun model in models)
        {
            try
            {
                IReadOnlyList<string> transcript = model.Run(script, coalesce: true).Transcript;
                Assert.Equal(first ?? transcript, transcript);
                first ??= transcript;
            }
            catch (Exception e)
            {
                // Whatever went wrong, an assertion or a broken rule, the case is told as a scenario.
                throw new Xunit.Sdk.XunitException($"{model}: {e}\nReplay with:\n{text}");
            }
        }
    }
}
