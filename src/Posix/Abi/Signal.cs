using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

/// <summary>What an access that fails becomes, with Linux's numbers on x86.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The manual's names.")]
public enum Signal
{
    /// <summary>Nothing: the access happened.</summary>
    None = 0,

    /// <summary>Mapped, but there is nothing behind it (the end of a file), or it could not be read.</summary>
    SIGBUS = 7,

    /// <summary>No frame was left: the process has ended.</summary>
    SIGKILL = 9,

    /// <summary>Not mapped, or not for this kind of access.</summary>
    SIGSEGV = 11,
}
