namespace BsdVm.Script;

/// <summary>
/// One line of a scenario that does something. What it means is in the language's description, operation by operation. The record of an
/// operation holds all that the program knows of it: its arguments, how it is read, printed, checked before the run, and executed.
/// </summary>
public abstract record ScriptOperation
{
    private protected ScriptOperation()
    {
    }

    /// <summary>The line it stands on, from 1.</summary>
    public int Line { get; init; }

    /// <summary>The column of its name, from 1.</summary>
    public int Column { get; init; }

    /// <summary>What <c>== RESULT</c> says it must give; null without an assertion.</summary>
    public ScriptResult? Expected { get; init; }

    /// <summary>The operation as a line of a script, assertion included.</summary>
    public string ToText() => Expected is null ? Subject + Text : $"{Subject}{Text} == {Expected.ToExpectationText()}";

    /// <summary>What stands ahead of the operation's name: the process, or nothing.</summary>
    internal abstract string Subject { get; }

    /// <summary>Name and arguments.</summary>
    internal abstract string Text { get; }

    /// <summary>What kind of RESULT it takes.</summary>
    internal virtual ResultShape Shape => ResultShape.Plain;

    /// <summary>
    /// Why it cannot stand at its line, given the processes and files that exist there; null if it can. Notes what it makes and ends.
    /// </summary>
    internal abstract string? Check(LifeCheck lives);

    /// <summary>Does it on a kernel.</summary>
    internal abstract ScriptResult Execute(KernelScriptMachine machine);
}
