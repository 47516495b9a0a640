using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Posix;

/// <summary>What msync is told.</summary>
[SuppressMessage("Design", "CA1008", Justification = "There is no msync without one of them.")]
public enum MsyncFlags
{
    /// <summary>MS_SYNC: writes and waits.</summary>
    Sync,

    /// <summary>MS_ASYNC: says that it should be written some time.</summary>
    Async,

    /// <summary>MS_INVALIDATE: refuses locked memory; there is one cache, so nothing else is to be done.</summary>
    Invalidate,
}
