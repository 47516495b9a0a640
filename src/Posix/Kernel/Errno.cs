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
