namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    // All other advice is a hint that the model does not take.
    private protected override SyscallResult Advise(ulong start, ulong end, MadviseKind kind)
    {
        if (kind <= MadviseKind.Sequential)
        {
            Map.Advise(Clamp(start, end), (VmAdvice)kind);
        }

        return SyscallResult.Ok;
    }
}
