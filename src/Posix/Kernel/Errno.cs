using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

/// <summary>Error numbers as on Linux.</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names are those of errno.h.")]
public enum Errno
{
    /// <summary>Success.</summary>
    None = 0,

    /// <summary>No such child.</summary>
    ECHILD = 10,

    /// <summary>Try again: a child that is waited for lives.</summary>
    EAGAIN = 11,

    /// <summary>Out of memory, address space, or a hole in a range.</summary>
    ENOMEM = 12,

    /// <summary>Permission denied.</summary>
    EACCES = 13,

    /// <summary>Bad address.</summary>
    EFAULT = 14,

    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,

    /// <summary>Something is there already.</summary>
    EEXIST = 17,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>File too large.</summary>
    EFBIG = 27,

    /// <summary>A value is too large.</summary>
    EOVERFLOW = 75,

    /// <summary>Input or output error.</summary>
    EIO = 5,
}

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

/// <summary>What came of an access of a process to its memory.</summary>
/// <param name="Signal">The signal it caused, or none.</param>
/// <param name="BytesDone">Bytes that were transferred before that.</param>
public readonly record struct AccessResult(Signal Signal, ulong BytesDone);
