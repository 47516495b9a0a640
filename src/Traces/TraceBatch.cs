namespace BsdVm.Traces;

/// <summary>
/// What one <see cref="TraceReader.Read"/> delivered: first <see cref="Count"/> accesses of one process in the caller's buffer,
/// then at most one call. So a loop over accesses never has to look for calls or for a change of the process.
/// </summary>
/// <param name="Count">Accesses now in the caller's buffer, from its start; 0 is possible before a call.</param>
/// <param name="Process">The process that made the accesses, counted from 0 in order of appearance.</param>
/// <param name="Call">The system call that follows the accesses, or null. It names its own process, which may be another one.</param>
public readonly record struct TraceBatch(int Count, int Process, TraceCall? Call)
{
    /// <summary>Whether the trace has ended: no accesses and no call.</summary>
    public bool IsEnd => Count == 0 && Call is null;
}
