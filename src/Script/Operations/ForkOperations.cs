using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>fork</c>.</summary>
/// <param name="Child">The new process's name.</param>
public sealed record ForkOperation(string Child) : ProcessOperation
{
    internal override string Text => $"fork {Child}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryName("process", out string child) ? new ForkOperation(child) : null;

    private protected override string? Check(LifeCheck lives, ProcessLife actor) => lives.AddChild(actor, Child, out _);

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        SyscallResult result = process.Fork(Child, out Process? child);
        machine.NameChild(Child, child);
        return result.ToWord();
    }
}

/// <summary><c>vfork</c>: the parent stands still until the child exits.</summary>
/// <param name="Child">The new process's name.</param>
public sealed record VforkOperation(string Child) : ProcessOperation
{
    internal override string Text => $"vfork {Child}";

    internal static ProcessOperation? Parse(ref LineCursor line) =>
        line.TryName("process", out string child) ? new VforkOperation(child) : null;

    private protected override string? Check(LifeCheck lives, ProcessLife actor)
    {
        string? problem = lives.AddChild(actor, Child, out ProcessLife child);
        actor.WaitsFor = child;
        actor.WaitLine = 0;
        return problem;
    }

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        SyscallResult result = process.Vfork(Child, out Process child);
        machine.NameChild(Child, child);
        return result.ToWord();
    }
}
