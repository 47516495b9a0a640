namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override SyscallResult Sync(ulong start, ulong end, MsyncMode mode)
    {
        bool isWhole = IsMapped(start, end, out AddressRange range);
        return Map.Clean(range) != VmStatus.Success ? Errno.EIO : isWhole ? SyscallResult.Ok : Errno.ENOMEM;
    }
}
