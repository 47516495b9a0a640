using System.Globalization;

namespace BsdVm.Script;

/// <summary>
/// Runs a script operation by operation, writes its transcript and checks its assertions. A failed one does not stop the run.
/// </summary>
public sealed class ScriptRunner
{
    private readonly VmScript _script;
    private readonly IScriptMachine _machine;
    private readonly bool _coalesce;
    private readonly List<string> _transcript = [];
    private readonly List<AssertionFailure> _failures = [];
    private readonly List<ScriptOperation> _blocked = [];

    /// <summary>A run of <paramref name="script"/> on <paramref name="machine"/>, before its first operation.</summary>
    /// <param name="script">The script.</param>
    /// <param name="machine">A machine on which nothing has run yet.</param>
    /// <param name="coalesce">Whether rows of <c>maps</c> that print alike are merged.</param>
    public ScriptRunner(VmScript script, IScriptMachine machine, bool coalesce = false)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(machine);
        _script = script;
        _machine = machine;
        _coalesce = coalesce;
    }

    /// <summary>How many operations have been executed.</summary>
    public int ExecutedCount { get; private set; }

    /// <summary>The transcript so far, a printed line an element.</summary>
    public IReadOnlyList<string> Transcript => _transcript;

    /// <summary>
    /// The assertions that have failed so far. An operation that blocks is compared when it completes, unless <c>blocked</c> is what it
    /// must give; if it never completes, it fails at the end.
    /// </summary>
    public IReadOnlyList<AssertionFailure> Failures => _failures;

    /// <summary>Executes the next operation. False: there is none.</summary>
    public bool TryStep()
    {
        if (ExecutedCount == _script.Operations.Length)
        {
            return false;
        }

        ScriptOperation operation = _script.Operations[ExecutedCount++];
        ScriptResult result = Shown(_machine.Execute(operation));
        Print(operation.Line.ToString(CultureInfo.InvariantCulture), result);
        if (result == ScriptResult.Blocked && operation.Expected != ScriptResult.Blocked)
        {
            _blocked.Add(operation);
        }
        else
        {
            Compare(operation, result);
        }

        TakeCompletions();
        if (ExecutedCount == _script.Operations.Length)
        {
            _blocked.ForEach(waiting => Compare(waiting, ScriptResult.Blocked));
        }

        return true;
    }

    /// <summary>Executes every operation up to and with the one on <paramref name="lastLine"/>.</summary>
    public void RunThrough(int lastLine = int.MaxValue)
    {
        while (ExecutedCount < _script.Operations.Length && _script.Operations[ExecutedCount].Line <= lastLine)
        {
            TryStep();
        }
    }

    private void TakeCompletions()
    {
        while (_machine.TryTakeCompletion(out ScriptOperation? operation, out ScriptResult? result))
        {
            Print(operation.Line.ToString(CultureInfo.InvariantCulture) + "+", result);
            if (_blocked.RemoveAll(waiting => waiting.Line == operation.Line) > 0)
            {
                Compare(operation, result);
            }
        }
    }

    private ScriptResult Shown(ScriptResult result) =>
        _coalesce && result is RowsResult rows ? new RowsResult(MapRow.Coalesce(rows.Rows)) : result;

    private void Print(string line, ScriptResult result) => _transcript.AddRange($"{line} {result.ToTranscriptText()}".Split('\n'));

    private void Compare(ScriptOperation operation, ScriptResult result)
    {
        if (operation.Expected is { } expected && !expected.IsMetBy(result))
        {
            string text = (operation with { Expected = null }).ToText();
            _failures.Add(new AssertionFailure(_script.FileName, operation.Line, text, expected, result));
        }
    }
}
