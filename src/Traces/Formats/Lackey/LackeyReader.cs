namespace BsdVm.Traces;

/// <summary>
/// Reads the log of valgrind's lackey. Nearly all lines are accesses, which <see cref="ParseAccesses"/> takes in a tight loop; all others
/// go through <see cref="ParseOther"/>: system calls are decoded, valgrind's own remarks left out. Any other line is an error, because an
/// access that was damaged must not vanish.
/// </summary>
internal sealed partial class LackeyReader : TraceReader
{
    private readonly LineBuffer _lines;
    private readonly SyscallLog _syscalls;
    private readonly Queue<TraceCall> _calls = new();
    private readonly long[] _countByKind = new long[4];
    private long _straddling;
    private long _callCount;
    private long _superblocks;

    public LackeyReader(TraceInput input, int process)
        : base(input, TraceFormat.Lackey)
    {
        Process = process;
        _lines = new LineBuffer(input);
        _syscalls = new SyscallLog(input.Name, process, _calls);
    }

    public int Process { get; }

    /// <summary>The process id that stands in the log's system calls; 0 as long as there was none.</summary>
    public int ProcessId => _syscalls.ProcessId;

    public override TraceCounts Counts => new(
        _countByKind[(int)TraceAccessKind.Fetch], _countByKind[(int)TraceAccessKind.Load], _countByKind[(int)TraceAccessKind.Store],
        _countByKind[(int)TraceAccessKind.Modify], _straddling, _callCount);

    public override long Superblocks => _superblocks;

    public override TraceBatch Read(Span<TraceAccess> buffer)
    {
        int count = 0;
        while (count < buffer.Length && _calls.Count == 0)
        {
            if (!_lines.TryFill())
            {
                FinishLog(count);
                break;
            }

            count += ParseAccesses(buffer[count..]);
            if (count < buffer.Length && _lines.Position < _lines.Limit)
            {
                ParseOther();
            }
        }

        return new TraceBatch(count, Process, TakeCall());
    }

    private TraceCall? TakeCall()
    {
        if (!_calls.TryDequeue(out TraceCall? call))
        {
            return null;
        }

        _callCount++;
        return call;
    }

    private void ParseOther()
    {
        _lines.TryNext(out ReadOnlySpan<byte> line);
        line = line.TrimEnd((byte)'\r');
        if (line.StartsWith("SYSCALL["u8))
        {
            _syscalls.Take(line, _lines.LineNumber);
        }
        else if (line.StartsWith(" --> "u8))
        {
            _syscalls.TakeContinuation(line, _lines.LineNumber);
        }
        else if (line.StartsWith(" SB "u8) || line.StartsWith("SB "u8))
        {
            _superblocks++;
        }
        else if (!IsRemark(line))
        {
            throw TraceFormatException.AtLine(Name, _lines.LineNumber,
                $"{Printable.Quote(line)} is neither an access nor a line of valgrind's "
                + "(keep the program's own output apart with --log-file)");
        }
    }

    /// <summary>Valgrind starts its remarks with the process id between two signs: <c>==12==</c>, <c>--12--</c>, <c>**12**</c>.</summary>
    private static bool IsRemark(ReadOnlySpan<byte> line) =>
        line.Trim((byte)' ').IsEmpty ||
        (line.Length > 2 && line[0] == line[1]
            && line[0] is (byte)'=' or (byte)'-' or (byte)'*' && line[2] is >= (byte)'0' and <= (byte)'9');

    private void FinishLog(int countInBatch)
    {
        _syscalls.Finish();
        TraceCounts counts = Counts;
        if (counts.Accesses == 0 && countInBatch == 0 && counts.Calls == 0 && _calls.Count == 0)
        {
            throw TraceFormatException.Whole(Name, "there is no access in it (was it recorded with --tool=lackey --trace-mem=yes?)");
        }
    }
}
