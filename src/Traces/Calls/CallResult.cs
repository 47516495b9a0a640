namespace BsdVm.Traces;

/// <summary>How a recorded system call ended.</summary>
public enum CallOutcome : byte
{
    /// <summary>
    /// The trace does not tell: execve, exit and exit_group do not return when they succeed, and the result of a call that a signal
    /// interrupted is not in lackey's log.
    /// </summary>
    Unknown = 0,

    /// <summary>It returned a value.</summary>
    Success = 1,

    /// <summary>It returned an error number.</summary>
    Failure = 2,
}

/// <summary>The result of a recorded system call.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Value">The returned value, or Linux's error number; 0 where it is not known.</param>
public readonly record struct CallResult(CallOutcome Outcome, ulong Value)
{
    /// <summary>The trace does not tell.</summary>
    public static CallResult Unknown => default;

    /// <summary>Whether it returned an error number.</summary>
    public bool IsFailure => Outcome == CallOutcome.Failure;

    /// <summary>A call that returned a value.</summary>
    public static CallResult Success(ulong value) => new(CallOutcome.Success, value);

    /// <summary>A call that returned an error number.</summary>
    public static CallResult Failure(ulong errorNumber) => new(CallOutcome.Failure, errorNumber);
}
