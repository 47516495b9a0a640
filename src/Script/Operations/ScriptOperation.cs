namespace BsdVm.Script;

/// <summary>One line of a scenario that does something. What it means is in the language's description, operation by operation.</summary>
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
}

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
}

/// <summary>An operation on a file from outside every process.</summary>
/// <param name="File">The file's name.</param>
public abstract record FileOperation(string File) : ScriptOperation
{
    internal sealed override string Subject => "";
}

/// <summary>What an operation's RESULT looks like in a script.</summary>
internal enum ResultShape
{
    /// <summary>A word or a number.</summary>
    Plain,

    /// <summary>Bytes in quotes, or a word.</summary>
    Bytes,

    /// <summary>Bare characters <c>0</c> and <c>1</c> (<c>""</c> for none), or a word.</summary>
    Bits,
}
