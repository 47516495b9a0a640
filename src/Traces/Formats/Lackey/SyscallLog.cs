using System.Globalization;
using System.Text;

namespace BsdVm.Traces;

/// <summary>
/// Understands the lines that <c>--trace-syscalls=yes</c> adds. A call's result stands at the end of its line
/// (<c>[sync] --&gt; Success(0x0)</c>), on the next line (fork), on a later line of the same thread and number (<c>[async]</c>) or nowhere:
/// a call that a signal interrupted, or execve, which takes the log with it.
/// </summary>
internal sealed class SyscallLog(string name, int process, Queue<TraceCall> calls)
{
    private readonly Dictionary<int, RecordedCall> _pendingByThread = [];
    private readonly CallDecoder _decoder = new(process);
    private int _threadOfLastLine;

    public int ProcessId { get; private set; }

    /// <summary>Takes a line that begins with <c>SYSCALL[</c>.</summary>
    public void Take(ReadOnlySpan<byte> bytes, long lineNumber)
    {
        string line = Encoding.UTF8.GetString(bytes);
        int close = line.IndexOf(']', StringComparison.Ordinal);
        int comma = line.IndexOf(',', StringComparison.Ordinal);
        int numberEnd = line.IndexOf(')', StringComparison.Ordinal);
        if (comma < 0 || close < comma || numberEnd < close + 2 || line[close + 1] != '(' ||
            !TryInteger(line.AsSpan(8, comma - 8), out int processId) ||
            !TryInteger(line.AsSpan(comma + 1, close - comma - 1), out int thread) ||
            !TryInteger(line.AsSpan(close + 2, numberEnd - close - 2), out int number))
        {
            throw Bad(lineNumber, line, "is no system call: SYSCALL[process,thread](number) wanted");
        }

        CheckProcess(processId, lineNumber);
        _threadOfLastLine = thread;
        string rest = line[(numberEnd + 1)..].TrimStart(' ');
        if (rest.StartsWith("... [async]", StringComparison.Ordinal))
        {
            Complete(thread, number, rest, lineNumber);
        }
        else
        {
            Begin(thread, number, rest, lineNumber);
        }
    }

    /// <summary>
    /// Takes a line that begins with <c> --&gt; </c>: the result of the call on the line before, or of the fork that began a child's log.
    /// </summary>
    public void TakeContinuation(ReadOnlySpan<byte> bytes, long lineNumber)
    {
        if (_pendingByThread.TryGetValue(_threadOfLastLine, out RecordedCall? call))
        {
            Complete(_threadOfLastLine, call.Number, Encoding.UTF8.GetString(bytes), lineNumber);
        }
    }

    /// <summary>At the end of the log, what has no result gets none.</summary>
    public void Finish()
    {
        foreach (RecordedCall call in _pendingByThread.Values)
        {
            Emit(call, CallResult.Unknown);
        }

        _pendingByThread.Clear();
    }

    private void CheckProcess(int processId, long lineNumber)
    {
        if (ProcessId != 0 && processId != ProcessId)
        {
            throw TraceFormatException.AtLine(name, lineNumber,
                $"the log mixes processes {ProcessId} and {processId}, whose accesses cannot be told apart "
                + "(record with --log-file=NAME.%p)");
        }

        ProcessId = processId;
    }

    private void Begin(int thread, int number, string rest, long lineNumber)
    {
        if (_pendingByThread.Remove(thread, out RecordedCall? interrupted))
        {
            Emit(interrupted, CallResult.Unknown);
        }

        if (!CallDecoder.IsKept(number))
        {
            return;
        }

        int arrow = rest.LastIndexOf("--> ", StringComparison.Ordinal);
        string call = arrow < 0 ? rest : rest[..arrow];
        ulong[] arguments = CallArguments.Parse(call, isFirstHex: number == (int)SystemCall.Clone, out string? text);
        if (arguments.Length < CallDecoder.FewestArguments(number))
        {
            throw Bad(lineNumber, rest, "lacks arguments");
        }

        _pendingByThread[thread] = new RecordedCall(number, arguments, text);
        if (arrow >= 0)
        {
            Complete(thread, number, rest[arrow..], lineNumber);
        }
    }

    private void Complete(int thread, int number, string text, long lineNumber)
    {
        if (!_pendingByThread.TryGetValue(thread, out RecordedCall? call) || call.Number != number)
        {
            return;
        }

        if (text.Contains("Success(", StringComparison.Ordinal) || text.Contains("Failure(", StringComparison.Ordinal))
        {
            _pendingByThread.Remove(thread);
            Emit(call, ParseResult(text, lineNumber));
        }
        else if (!text.Contains("[async] ...", StringComparison.Ordinal) && !text.Contains("NoWriteResult", StringComparison.Ordinal))
        {
            throw Bad(lineNumber, text, "is no result: Success or Failure wanted");
        }
    }

    private CallResult ParseResult(string text, long lineNumber)
    {
        bool isSuccess = text.Contains("Success(", StringComparison.Ordinal);
        ReadOnlySpan<char> value = text.AsSpan(text.LastIndexOf('(') + 1);
        int end = value.IndexOfAny(')', ':');
        if (end < 0 || !CallArguments.TryNumber(value[..end], isHex: false, out ulong number))
        {
            throw Bad(lineNumber, text, "is no result: Success or Failure with a number wanted");
        }

        return isSuccess ? CallResult.Success(number) : CallResult.Failure(number);
    }

    private void Emit(RecordedCall recorded, CallResult result)
    {
        if (_decoder.Decode(recorded, result) is { } call)
        {
            calls.Enqueue(call);
        }
    }

    private static bool TryInteger(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private TraceFormatException Bad(long lineNumber, string text, string what) =>
        TraceFormatException.AtLine(name, lineNumber, $"{Printable.Quote(text)} {what}");
}
