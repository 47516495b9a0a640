namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override SyscallResult Lock(ulong start, ulong end) =>
        IsMapped(start, end, out AddressRange range) && Map.Wire(range) == VmStatus.Success ? SyscallResult.Ok : Errno.ENOMEM;

    private protected override SyscallResult Unlock(ulong start, ulong end)
    {
        if (!IsMapped(start, end, out AddressRange range))
        {
            return Errno.ENOMEM;
        }

        Map.Unwire(range);
        return SyscallResult.Ok;
    }
}
