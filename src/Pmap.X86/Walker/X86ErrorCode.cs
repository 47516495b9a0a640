namespace BsdVm.X86;

/// <summary>The error code that a page fault (vector 14) pushes. Source: Intel SDM volume 3, page-fault exceptions.</summary>
[Flags]
public enum X86ErrorCode : uint
{
    /// <summary>A supervisor load of a page that is not present.</summary>
    None = 0,

    /// <summary>P: the page was present; rights or a reserved bit refused the access.</summary>
    Present = 1 << 0,

    /// <summary>W/R: it was a store.</summary>
    Write = 1 << 1,

    /// <summary>U/S: it was made at CPL 3.</summary>
    User = 1 << 2,

    /// <summary>RSVD: an entry used has a reserved bit set. P is set as well.</summary>
    ReservedBit = 1 << 3,

    /// <summary>I/D: it was a fetch; reported only where XD is in force.</summary>
    Fetch = 1 << 4,

    /// <summary>PK: the page's protection key refuses the access.</summary>
    ProtectionKey = 1 << 5,
}
