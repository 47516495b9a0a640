using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace BsdVm.Script;

/// <summary>Reads a whole script, line by line, up to the first error.</summary>
internal sealed class ScriptParser(string fileName, Func<string, string?>? pmapProblem)
{
    private readonly ImmutableArray<ScriptOperation>.Builder _operations = ImmutableArray.CreateBuilder<ScriptOperation>();
    private MachineOptions _machine = new();
    private ScriptError? _error;
    private int _line;

    public VmScript? Parse(ReadOnlySpan<byte> utf8, out ScriptError? error)
    {
        ReadOnlySpan<byte> rest = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        while (!rest.IsEmpty && _error is null)
        {
            _line++;
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            ParseLine(line.EndsWith("\r"u8) ? line[..^1] : line);
        }

        _error ??= LifeCheck.Check(fileName, _operations);
        error = _error;
        return error is null ? new VmScript(fileName, _machine, _operations.ToImmutable()) : null;
    }

    private void ParseLine(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            _error = new ScriptError(fileName, _line, InvalidColumn(bytes), "this is not UTF-8");
            return;
        }

        LineCursor line = new(bytes);
        if (!line.AtEnd && !TryOperation(ref line))
        {
            _error = new ScriptError(fileName, _line, line.FailureColumn, line.Failure!);
        }
    }

    private bool TryOperation(ref LineCursor line)
    {
        int start = line.NextColumn;
        ScriptOperation? operation;
        if (line.TakeProcess() is { } subject)
        {
            if (!TryProcessOperation(ref line, subject, out operation))
            {
                return false;
            }
        }
        else if (!line.TryWord("an operation", out string name))
        {
            return false;
        }
        else if (name == "machine")
        {
            return TryMachine(ref line);
        }
        else if (!TryFileOperation(ref line, name, start, out operation))
        {
            return false;
        }

        ScriptResult? expected = null;
        if (line.TakeAssertion() && !ResultParser.TryParse(ref line, operation.Shape, out expected))
        {
            return false;
        }

        _operations.Add(operation with { Line = _line, Expected = expected });
        return line.TryEnd();
    }

    private static bool TryProcessOperation(ref LineCursor line, string subject, [NotNullWhen(true)] out ScriptOperation? operation)
    {
        operation = null;
        if (!TrySubject(ref line, subject, out string process, out int? cpu))
        {
            return false;
        }

        int column = line.NextColumn;
        if (!line.TryWord("an operation", out string name))
        {
            return false;
        }

        if (OperationTable.OfProcesses.FirstOrDefault(candidate => candidate.Name == name) is not { } syntax)
        {
            return line.Fail($"unknown operation '{LineCursor.Cut(name)}'; there are {OperationTable.Names(OperationTable.OfProcesses)}");
        }

        operation = ReadArguments(ref line, syntax) is { } parsed ? parsed with { Process = process, Cpu = cpu, Column = column } : null;
        return operation is not null;
    }

    private static bool TrySubject(ref LineCursor line, string subject, out string process, out int? cpu)
    {
        int at = subject.IndexOf('@', StringComparison.Ordinal);
        process = at < 0 ? subject : subject[..at];
        cpu = null;
        if (!Arguments.IsName(process))
        {
            return line.Fail(Arguments.NotAName("process", process));
        }

        if (at < 0)
        {
            return true;
        }

        if (!NumberText.TryParse(subject.AsSpan(at + 1), out ulong number, out string problem))
        {
            return line.Fail($"CPU '{LineCursor.Cut(subject[(at + 1)..])}' {problem}");
        }

        cpu = 0;
        return number == 0 || line.Fail($"@{number}: more CPUs than CPU 0 are not yet supported");
    }

    private static bool TryFileOperation(
        ref LineCursor line, string name, int column, [NotNullWhen(true)] out ScriptOperation? operation)
    {
        operation = null;
        if (OperationTable.OfFiles.FirstOrDefault(candidate => candidate.Name == name) is not { } syntax)
        {
            return line.Fail($"unknown operation '{LineCursor.Cut(name)}'; a line is PROC: OPERATION, "
                + $"{OperationTable.Names(OperationTable.OfFiles)} or machine");
        }

        operation = ReadArguments(ref line, syntax) is { } parsed ? parsed with { Column = column } : null;
        return operation is not null;
    }

    private static T? ReadArguments<T>(ref LineCursor line, OperationSyntax<T> syntax)
        where T : ScriptOperation
    {
        if (syntax.Parse is { } parse)
        {
            return parse(ref line);
        }

        line.Fail($"{syntax.Name} is not yet supported");
        return null;
    }

    private bool TryMachine(ref LineCursor line)
    {
        if (_machine.Line != 0 || _operations.Count > 0)
        {
            return line.Fail(_machine.Line != 0
                ? $"a second machine line: the first one is line {_machine.Line}"
                : $"machine must stand before everything else: line {_operations[0].Line} is ahead of it");
        }

        MachineOptions options = new() { Line = _line };
        bool ok = MachineParser.TryParse(ref line, pmapProblem, ref options);
        _machine = options;
        return ok;
    }

    private static int InvalidColumn(ReadOnlySpan<byte> bytes)
    {
        int column = 1;
        while (Rune.DecodeFromUtf8(bytes, out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            bytes = bytes[length..];
            column++;
        }

        return column;
    }
}
