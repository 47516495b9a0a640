using BsdVm.Script;

namespace BsdVm.Cli;

/// <summary>A scenario's file, read once.</summary>
/// <param name="Script">What it says.</param>
/// <param name="LineCount">Its lines, comments and empty ones too.</param>
/// <param name="Sha256">The hash of its bytes.</param>
internal sealed record Scenario(VmScript Script, int LineCount, string Sha256)
{
    /// <summary>Reads a file; one that is no scenario is a usage error.</summary>
    public static Scenario Read(string file)
    {
        byte[] text = File.ReadAllBytes(file);
        return VmScript.TryParse(file, text, out VmScript? script, out ScriptError? error, Choices.PmapProblem)
            ? new(script, text.Count(static each => each == '\n') + (text is [.., not (byte)'\n'] ? 1 : 0), JsonDocumentWriter.Sha256(text))
            : throw new UsageException(error.ToString());
    }

    /// <summary>The next operation; a broken rule is told with the line that broke it.</summary>
    public bool TryStep(ScriptRunner runner)
    {
        int next = runner.ExecutedCount;
        try
        {
            return runner.TryStep();
        }
        catch (InvariantViolationException violation)
        {
            throw new BrokenScenarioException($"{Script.FileName}:{Script.Operations[next].Line}", violation);
        }
    }

    /// <summary>
    /// Does what belongs to no operation, before the first or after the last one executed; a broken rule is told with that place.
    /// </summary>
    public T Outside<T>(ScriptRunner? runner, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (InvariantViolationException violation)
        {
            string place = runner is not { ExecutedCount: > 0 and var done } ? "before the first operation"
                : done == Script.Operations.Length ? $"at the end, after line {Script.Operations[done - 1].Line}"
                : $"after line {Script.Operations[done - 1].Line}";
            throw new BrokenScenarioException($"{Script.FileName}: {place}", violation);
        }
    }

    /// <summary>Every operation up to and with the one on <paramref name="lastLine"/>.</summary>
    public void RunThrough(ScriptRunner runner, int lastLine)
    {
        while (runner.ExecutedCount < Script.Operations.Length && Script.Operations[runner.ExecutedCount].Line <= lastLine)
        {
            TryStep(runner);
        }
    }
}

/// <summary>A place of a scenario at which a rule of the model no longer holds.</summary>
internal sealed class BrokenScenarioException(string place, InvariantViolationException violation) : Exception(
    $"{place}: rule {violation.Rule} is broken by {violation.Subject}: expected {violation.Expected}, found {violation.Found}",
    violation);
