namespace BsdVm.Posix;

/// <summary>What madvise is told.</summary>
public enum MadviseKind
{
    /// <summary>MADV_NORMAL: undoes random and sequential.</summary>
    Normal,

    /// <summary>MADV_RANDOM: in no order.</summary>
    Random,

    /// <summary>MADV_SEQUENTIAL: in order.</summary>
    Sequential,

    /// <summary>MADV_WILLNEED: soon.</summary>
    WillNeed,

    /// <summary>MADV_DONTNEED: not soon (BSD, a hint), or forget it now (Linux).</summary>
    DontNeed,

    /// <summary>MADV_FREE: may be forgotten. Under no memory pressure, nothing is.</summary>
    Free,
}
