using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace BsdVm.Script;

/// <summary>A scenario that has been read and checked: what processes do to their memory, and what they must see.</summary>
public sealed class VmScript
{
    /// <summary>The process that exists at the start.</summary>
    public const string FirstProcess = "p1";

    internal VmScript(string fileName, MachineOptions machine, ImmutableArray<ScriptOperation> operations)
    {
        FileName = fileName;
        Machine = machine;
        Operations = operations;
    }

    /// <summary>The file's name as the caller gave it, for messages.</summary>
    public string FileName { get; }

    /// <summary>The machine line; all keys null where there is none.</summary>
    public MachineOptions Machine { get; }

    /// <summary>The operations in the order of their lines.</summary>
    public ImmutableArray<ScriptOperation> Operations { get; }

    /// <summary>
    /// Reads a script from its bytes and makes every check that needs no run: the form of each line, the life of processes, files used
    /// ahead of their line. Never throws, whatever the bytes.
    /// </summary>
    /// <param name="fileName">The name used in messages.</param>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="script">The script, if it is one.</param>
    /// <param name="error">The first error, if it is not.</param>
    /// <param name="pmapProblem">
    /// What is wrong with a value of <c>pmap=</c>, its parameters included, in one sentence; null if nothing is. Whoever makes the backends
    /// knows their names. Without it every name is taken.
    /// </param>
    public static bool TryParse(
        string fileName,
        ReadOnlySpan<byte> utf8,
        [NotNullWhen(true)] out VmScript? script,
        [NotNullWhen(false)] out ScriptError? error,
        Func<string, string?>? pmapProblem = null)
    {
        script = new ScriptParser(fileName, pmapProblem).Parse(utf8, out error);
        return script is not null;
    }

    /// <summary>
    /// The script as text that reads back as an equal one: comments are gone, line numbers stay, because lines between the operations
    /// are left blank.
    /// </summary>
    public string ToText()
    {
        StringBuilder text = new();
        int line = 1;
        AppendAt(text, ref line, Machine.Line, Machine.ToText());
        foreach (ScriptOperation operation in Operations)
        {
            AppendAt(text, ref line, operation.Line, operation.ToText());
        }

        return text.ToString();
    }

    /// <summary>A script made of operations, one a line in their order, behind the machine line if any key of it is given.</summary>
    /// <param name="fileName">The name used in messages.</param>
    /// <param name="machine">The machine line.</param>
    /// <param name="operations">The operations; their lines and columns are given anew.</param>
    public static string ToText(string fileName, MachineOptions machine, IEnumerable<ScriptOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(machine);
        string first = machine.ToText();
        int line = first.Length == 0 ? 0 : 1;
        ImmutableArray<ScriptOperation> numbered = [.. operations.Select(operation => operation with { Line = ++line })];
        return new VmScript(fileName, machine with { Line = first.Length == 0 ? 0 : 1 }, numbered).ToText();
    }

    private static void AppendAt(StringBuilder text, ref int line, int target, string content)
    {
        if (content.Length == 0)
        {
            return;
        }

        for (; line < target; line++)
        {
            text.Append('\n');
        }

        text.Append(content).Append('\n');
        line++;
    }
}
