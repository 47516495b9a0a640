namespace BsdVm.Traces;

/// <summary>fork(2), vfork(2) or clone(2). On success the result is the child's process id at the time of recording.</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Which"><see cref="SystemCall.Fork"/>, <see cref="SystemCall.Vfork"/> or <see cref="SystemCall.Clone"/>.</param>
/// <param name="Flags">Linux's CLONE_ bits of clone; 0 for the others.</param>
/// <param name="Child">The child's number in this trace, or -1 where the trace does not follow the child.</param>
public sealed record ForkCall(int Process, CallResult Result, SystemCall Which, ulong Flags, int Child) : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => Which;

    /// <summary>CLONE_VM without CLONE_VFORK: a thread in the same address space, not a process.</summary>
    public bool IsThread => (Flags & 0x4100) == 0x100;
}

/// <summary>
/// execve(2). When it succeeds it does not return, so that the result is <see cref="CallOutcome.Unknown"/>, and from then on the process
/// has a new address space.
/// </summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Path">The program.</param>
/// <param name="InitialMaps">
/// The memory that the program starts with; null where the trace does not hold it or does not follow the program.
/// </param>
public sealed record ExecveCall(int Process, CallResult Result, string Path, IReadOnlyList<MemoryMapEntry>? InitialMaps)
    : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => SystemCall.Execve;

    /// <summary>Whether both are the same, the initial memory entry by entry.</summary>
    public bool Equals(ExecveCall? other) =>
        base.Equals(other) && Path == other.Path &&
        (InitialMaps is null ? other.InitialMaps is null : other.InitialMaps is not null && InitialMaps.SequenceEqual(other.InitialMaps));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Path, InitialMaps?.Count);
}

/// <summary>wait4(2). On success the result is the child's process id at the time of recording.</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="ProcessId">Which child: its process id at the time of recording, or -1 for any.</param>
/// <param name="Options">Linux's W bits.</param>
public sealed record Wait4Call(int Process, CallResult Result, int ProcessId, ulong Options) : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => SystemCall.Wait4;
}

/// <summary>exit(2) or exit_group(2).</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Which"><see cref="SystemCall.Exit"/> or <see cref="SystemCall.ExitGroup"/>.</param>
/// <param name="Status">The exit status.</param>
public sealed record ExitCall(int Process, CallResult Result, SystemCall Which, int Status) : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => Which;

    /// <summary>Whether the whole process ends, not only one thread.</summary>
    public bool IsWholeProcess => Which == SystemCall.ExitGroup;
}
