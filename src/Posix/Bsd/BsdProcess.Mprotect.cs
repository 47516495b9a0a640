namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override SyscallResult Protect(ulong start, ulong end, Protection protection) =>
        Map.Protect(Clamp(start, end), protection) == VmStatus.Success ? SyscallResult.Ok : Errno.EACCES;
}
