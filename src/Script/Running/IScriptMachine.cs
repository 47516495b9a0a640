using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Script;

/// <summary>
/// What a scenario runs on: the model, or anything else that can do the operations. A script has been checked before, so that every
/// process and file named exists or has been taken away by the system itself.
/// </summary>
public interface IScriptMachine
{
    /// <summary>
    /// Does one operation and says what came of it. <see cref="ScriptResult.Blocked"/>: it waits for another process, and
    /// <see cref="TryTakeCompletion"/> gives its result later.
    /// </summary>
    ScriptResult Execute(ScriptOperation operation);

    /// <summary>Takes one operation that was blocked and has completed since, in the order of completion.</summary>
    bool TryTakeCompletion([NotNullWhen(true)] out ScriptOperation? operation, [NotNullWhen(true)] out ScriptResult? result);
}
