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

public sealed partial class Process
{
    /// <summary>
    /// msync(2): modified pages of shared file mappings go to their files. Mapped parts are written whatever holes there are; ENOMEM tells of
    /// them at the end. MS_INVALIDATE of a locked mapping is EBUSY.
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

        if (Vmas is null)
        {
            AddressRange range = Clamp(address, end);
            bool isWhole = end <= Kernel.UserBounds.LengthBytes && Map.IsMapped(range);
            return Map.Clean(range) != VmStatus.Success ? Errno.EIO : isWhole ? SyscallResult.Ok : Errno.ENOMEM;
        }

        return ForEachMapping(address, end, stopsAtHole: false, (in Vma vma, AddressRange part) =>
            mode == MsyncMode.Invalidate && vma.Has(VmaFlags.Locked) ? Errno.EBUSY
            : Map.Clean(part) == VmStatus.Success ? Errno.None : Errno.EIO);
    }
}
