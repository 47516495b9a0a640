namespace BsdVm.Posix;

/// <summary>How msync writes back.</summary>
public enum MsyncMode
{
    /// <summary>MS_SYNC.</summary>
    Sync,

    /// <summary>MS_ASYNC.</summary>
    Async,

    /// <summary>MS_INVALIDATE.</summary>
    Invalidate,
}

public abstract partial class Process
{
    /// <summary>
    /// msync(2): modified pages of shared file mappings go to their files. Mapped parts are written whatever holes there are; ENOMEM tells
    /// of them at the end. MS_INVALIDATE of a locked mapping is EBUSY.
    /// </summary>
    public SyscallResult Msync(ulong address, ulong lengthBytes, MsyncMode mode)
    {
        if (!IsAligned(address))
        {
            return Errno.EINVAL;
        }

        ulong end = unchecked(address + RoundUp(lengthBytes));
        if (end < address)
        {
            return Errno.ENOMEM;
        }

        if (end == address)
        {
            return SyscallResult.Ok;
        }

        return Sync(address, end, mode);
    }

    /// <summary>Writes back from one page boundary up to another, which is higher.</summary>
    private protected abstract SyscallResult Sync(ulong start, ulong end, MsyncMode mode);
}
