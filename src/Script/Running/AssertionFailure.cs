namespace BsdVm.Script;

/// <summary>An assertion that did not hold.</summary>
/// <param name="File">The script's name.</param>
/// <param name="Line">The line of the operation, from 1.</param>
/// <param name="Operation">The operation as text, without its assertion.</param>
/// <param name="Expected">What it had to give.</param>
/// <param name="Seen">What it gave.</param>
public sealed record AssertionFailure(string File, int Line, string Operation, ScriptResult Expected, ScriptResult Seen)
{
    /// <summary>One line: place, operation, what was expected and what was seen.</summary>
    public override string ToString() =>
        $"{File}:{Line}: {Operation}: expected {Expected.ToExpectationText()}, saw {Seen.ToExpectationText()}";
}
