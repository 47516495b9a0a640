using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary><c>exit</c>.</summary>
public sealed record ExitOperation : ProcessOperation
{
    internal override string Text => "exit";

    internal static ProcessOperation? Parse(ref LineCursor line) => new ExitOperation();

    private protected override string? Check(LifeCheck lives, ProcessLife actor)
    {
        actor.ExitLine = Line;
        return null;
    }

    private protected override ScriptResult Execute(KernelScriptMachine machine, Process process)
    {
        process.Exit();
        return ScriptResult.Ok;
    }
}
