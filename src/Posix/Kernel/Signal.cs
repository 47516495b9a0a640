namespace BsdVm.Posix;

/// <summary>Signals that memory can cause, numbered as on Linux.</summary>
public enum Signal
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A page that cannot be had.</summary>
    SIGBUS = 7,

    /// <summary>No memory left.</summary>
    SIGKILL = 9,

    /// <summary>An address or a right that the process does not have.</summary>
    SIGSEGV = 11,
}

/// <summary>Why a signal came.</summary>
public enum SignalCode
{
    /// <summary>No signal, or one that says enough.</summary>
    Other = 0,

    /// <summary>Nothing is mapped at the address. Source: <c>SEGV_MAPERR</c>.</summary>
    NotMapped = 1,

    /// <summary>The mapping does not allow the access. Source: <c>SEGV_ACCERR</c>.</summary>
    NoAccess = 2,
}

/// <summary>A signal and why it came. Source: POSIX <c>siginfo_t</c>.</summary>
/// <param name="Signal">The signal, or none.</param>
/// <param name="Code">Why.</param>
public readonly record struct SignalInfo(Signal Signal, SignalCode Code);
