namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override SyscallResult Sync(ulong start, ulong end, MsyncMode mode) =>
        ForEachMapping(start, end, stopsAtHole: false, (in Vma vma, AddressRange part) =>
            mode == MsyncMode.Invalidate && vma.Has(VmaFlags.Locked) ? Errno.EBUSY
            : Map.Clean(part) == VmStatus.Success ? Errno.None : Errno.EIO);
}
