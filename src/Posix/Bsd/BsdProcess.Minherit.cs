namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override SyscallResult Inherit(ulong start, ulong end, VmInheritance inheritance)
    {
        if (start != end)
        {
            Map.Inherit(Clamp(start, end), inheritance);
        }

        return SyscallResult.Ok;
    }
}
