using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

/// <summary>Why a system call refused, with Linux's numbers on x86. BSD's names are the same, some of its numbers are not.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The manual's names.")]
public enum Errno
{
    /// <summary>It did not refuse.</summary>
    None = 0,

    /// <summary>A device failed.</summary>
    EIO = 5,

    /// <summary>Not a child of the caller, or one that was waited for already.</summary>
    ECHILD = 10,

    /// <summary>Not yet: what is waited for has not happened.</summary>
    EAGAIN = 11,

    /// <summary>No memory, no address space, or something in the range is not mapped.</summary>
    ENOMEM = 12,

    /// <summary>The file was not opened for that.</summary>
    EACCES = 13,

    /// <summary>An address that the process may not access.</summary>
    EFAULT = 14,

    /// <summary>A locked page is in the way.</summary>
    EBUSY = 16,

    /// <summary>Something is mapped there already.</summary>
    EEXIST = 17,

    /// <summary>That kind of file cannot be mapped.</summary>
    ENODEV = 19,

    /// <summary>An argument makes no sense.</summary>
    EINVAL = 22,

    /// <summary>The file would become too large.</summary>
    EFBIG = 27,

    /// <summary>The system has no such call.</summary>
    ENOSYS = 38,

    /// <summary>An offset is too large.</summary>
    EOVERFLOW = 75,

    /// <summary>The call is there, but not what it was asked for.</summary>
    EOPNOTSUPP = 95,
}
