using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary>An operation of one process.</summary>
public abstract record ProcessOperation : ScriptOperation
{
    private protected ProcessOperation()
    {
    }

    /// <summary>The process that does it.</summary>
    public string Process { get; init; } = "";

    /// <summary>The CPU it must run on, from 0; null where the script leaves that open.</summary>
    public int? Cpu { get; init; }

    internal sealed override string Subject => Cpu is null ? $"{Process}: " : $"{Process}@{Cpu}: ";

    internal sealed override string? Check(LifeCheck lives) => lives.ActorProblem(Process, out ProcessLife? actor) ?? Check(lives, actor!);

    internal sealed override ScriptResult Execute(KernelScriptMachine machine) =>
        machine.FindLiving(Process) is { } process ? Execute(machine, process) : ScriptResult.Gone;

    /// <summary>The checks beyond whether the process can act at this line: processes and files that it names.</summary>
    private protected virtual string? Check(LifeCheck lives, ProcessLife actor) => null;

    /// <summary>Does it as a system call or an access of <paramref name="process"/>, which is alive.</summary>
    private protected abstract ScriptResult Execute(KernelScriptMachine machine, Process process);
}
