namespace BsdVm.Posix;

/// <summary>What a system call returned.</summary>
/// <param name="Error">The error, or none.</param>
/// <param name="Value">The value where it succeeded.</param>
public readonly record struct SyscallResult(Errno Error, ulong Value)
{
    /// <summary>Success without a value.</summary>
    public static SyscallResult Ok => default;

    /// <summary>Whether it succeeded.</summary>
    public bool Succeeded => Error == Errno.None;

    /// <summary>A failure.</summary>
    public static implicit operator SyscallResult(Errno error) => new(error, 0);

    /// <summary>A failure.</summary>
    public static SyscallResult FromErrno(Errno error) => new(error, 0);
}
