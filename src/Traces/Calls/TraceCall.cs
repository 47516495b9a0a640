namespace BsdVm.Traces;

/// <summary>One recorded system call, with its arguments decoded. It stands in the stream where its result became known.</summary>
/// <param name="Process">The process that made it, counted from 0.</param>
/// <param name="Result">How it ended.</param>
public abstract record TraceCall(int Process, CallResult Result)
{
    /// <summary>Which call.</summary>
    public abstract SystemCall Call { get; }

    /// <summary>The call's name as in the manual, <c>mmap</c> for instance.</summary>
    public string Name => Call switch
    {
        SystemCall.ExitGroup => "exit_group",
        _ => Call.ToString().ToLowerInvariant(),
    };
}
