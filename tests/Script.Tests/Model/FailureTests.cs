using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Script.Tests;

/// <summary>
/// The n-th request for a frame fails, for every n: a system call that then says ENOMEM has changed nothing, an access ends its process,
/// and everything else goes on as if that operation had not been there (or the process had exited).
/// </summary>
public class FailureTests
{
    public static Arbitrary<Throw[]> Lives => RandomScript.Arbitrary(25);

    public static Arbitrary<ModelRun> Models => Gen.Elements(
        new ModelRun(Linux: false, Layer: "shadow"), new ModelRun(Linux: false, Layer: "amap"), new ModelRun(Linux: true)).ToArbitrary();

    [Property(18, Arbitrary = [typeof(FailureTests)])]
    public void Failing_any_frame_request_leaves_the_state_as_it_was(Throw[] throws, ModelRun model)
    {
        VmScript script = Scenarios.Parse(RandomScript.Text(throws, model.Linux));
        // The first request is for the first process's root table.
        for (long n = 2; RunFailing(script, model with { FailFrame = n }); n++)
        {
        }
    }

    // False once the script needs fewer requests.
    private static bool RunFailing(VmScript script, ModelRun model)
    {
        KernelScriptMachine machine = model.Build(script.Machine);
        var plain = new PlainMachine(script.Machine, model.Linux);
        var gone = new HashSet<string>();
        foreach (ScriptOperation operation in script.Operations)
        {
            string? child = (operation as ForkOperation)?.Child;
            if (operation is ProcessOperation { Process: var name } && gone.Contains(name))
            {
                _ = child is not null && gone.Add(child);
                continue;
            }

            long before = RequestCount(machine);
            ScriptResult seen = machine.Execute(operation);
            bool failed = before < model.FailFrame && RequestCount(machine) >= model.FailFrame;
            if (failed && seen == ScriptResult.Named("SIGKILL"))
            {
                gone.Add(((ProcessOperation)operation).Process);
                plain.Execute(new ExitOperation { Process = ((ProcessOperation)operation).Process, Line = operation.Line });
            }
            else if (failed && seen == ScriptResult.Named("ENOMEM"))
            {
                _ = child is not null && gone.Add(child);
            }
            else if (failed && seen == ScriptResult.Named("EFAULT"))
            {
                return true;
            }
            else
            {
                Assert.Equal(Text(plain.Execute(operation)), Text(seen));
            }
        }

        return RequestCount(machine) >= model.FailFrame;
    }

    private static long RequestCount(KernelScriptMachine machine) => ((FailingFrameAllocator)machine.Kernel.Vm.Pages.Frames).RequestCount;

    private static string Text(ScriptResult result) =>
        (result is RowsResult rows ? new RowsResult(MapRow.Coalesce(rows.Rows)) : result).ToTranscriptText();
}
