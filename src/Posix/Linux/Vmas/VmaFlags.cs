namespace BsdVm.Posix;

/// <summary>
/// What Linux keeps with a mapping and <c>maps</c> does not print; all of it must be equal for two mappings to become one.
/// </summary>
[Flags]
internal enum VmaFlags : byte
{
    None = 0,

    /// <summary>Counts towards the memory that is promised. Source: <c>VM_ACCOUNT</c>.</summary>
    Account = 1,

    /// <summary>mlock. Source: <c>VM_LOCKED</c>.</summary>
    Locked = 2,

    /// <summary>madvise random. Source: <c>VM_RAND_READ</c>.</summary>
    Random = 4,

    /// <summary>madvise sequential. Source: <c>VM_SEQ_READ</c>.</summary>
    Sequential = 8,

    /// <summary>A child does not get it. Source: <c>VM_DONTCOPY</c>.</summary>
    DontFork = 16,

    /// <summary>A child gets zeros. Source: <c>VM_WIPEONFORK</c>.</summary>
    WipeOnFork = 32,

    /// <summary>A stack. Source: <c>VM_GROWSDOWN</c>.</summary>
    GrowsDown = 64,
}
