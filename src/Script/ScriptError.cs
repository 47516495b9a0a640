namespace BsdVm.Script;

/// <summary>Why a scenario cannot run, told before anything of it runs.</summary>
/// <param name="File">The file's name as the caller gave it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters (code points), from 1.</param>
/// <param name="Message">One sentence without a line break.</param>
public sealed record ScriptError(string File, int Line, int Column, string Message)
{
    /// <summary><c>FILE:LINE:COLUMN: message</c>, one line.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
