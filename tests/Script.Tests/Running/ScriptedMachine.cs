using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Script.Tests;

/// <summary>A machine that gives the results it was told to, line by line, and completes what it was told to after a line.</summary>
internal sealed class ScriptedMachine : IScriptMachine
{
    private readonly Dictionary<int, ScriptResult> _results = [];
    private readonly Dictionary<int, (int Waiting, ScriptResult Result)> _completions = [];
    private readonly Dictionary<int, ScriptOperation> _seen = [];
    private int _released;

    public ScriptedMachine Gives(int line, ScriptResult result)
    {
        _results[line] = result;
        return this;
    }

    public ScriptedMachine Completes(int afterLine, int waitingLine, ScriptResult result)
    {
        _completions[afterLine] = (waitingLine, result);
        return this;
    }

    public ScriptResult Execute(ScriptOperation operation)
    {
        _seen[operation.Line] = operation;
        _released = operation.Line;
        return _results.GetValueOrDefault(operation.Line, ScriptResult.Ok);
    }

    public bool TryTakeCompletion([NotNullWhen(true)] out ScriptOperation? operation, [NotNullWhen(true)] out ScriptResult? result)
    {
        if (!_completions.Remove(_released, out (int Waiting, ScriptResult Result) completion))
        {
            operation = null;
            result = null;
            return false;
        }

        operation = _seen[completion.Waiting];
        result = completion.Result;
        return true;
    }
}
