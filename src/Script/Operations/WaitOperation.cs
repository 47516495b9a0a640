using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>wait</c>.</summary>
/// <param name="Child">The child waited for.</param>
public sealed record WaitOperation(string Child) : ProcessOperation
{
    internal override string Text => $"wait {Child}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryName("process", out string child) ? new WaitOperation(child) : null;

    private protected override string? Check(LifeCheck lives, ProcessLife actor)
    {
        string? problem = lives.FindProcess(Child, out ProcessLife? child);
        if (child?.Parent == actor && child.ExitLine == 0)
        {
            actor.WaitsFor = child;
            actor.WaitLine = Line;
        }

        return problem;
    }

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        if (machine.Find(Child) is not { } child)
        {
            return ScriptResult.Named(nameof(Errno.ECHILD));
        }

        SyscallResult result = process.Wait(child);
        return result.Error == Errno.EAGAIN ? machine.Block(this, process, child) : result.ToWord();
    }
}
