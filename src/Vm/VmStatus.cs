namespace BsdVm;

/// <summary>What an operation on memory came to. Source: 4.4BSD <c>KERN_*</c>; errnos and signals are chosen above.</summary>
public enum VmStatus : byte
{
    /// <summary>Done.</summary>
    Success,

    /// <summary>Nothing is mapped there.</summary>
    InvalidAddress,

    /// <summary>The mapping's rights do not allow it.</summary>
    ProtectionFailure,

    /// <summary>Something is in the way, or no gap is large enough.</summary>
    NoSpace,

    /// <summary>The arguments make no sense together.</summary>
    InvalidArgument,

    /// <summary>No frame is free and none can be made free.</summary>
    ResourceShortage,

    /// <summary>The page lies behind the end of its object (a file's end).</summary>
    OutOfRange,

    /// <summary>The pager could not get the page.</summary>
    PagerError,
}
