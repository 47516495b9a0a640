namespace BsdVm.Posix;

public abstract partial class Process
{
    /// <summary>
    /// mprotect(2). Linux changes what lies ahead of the first hole or refusing mapping and then fails; BSD looks first, and skips holes.
    /// </summary>
    public SyscallResult Mprotect(ulong address, ulong lengthBytes, Protection protection)
    {
        if (!IsAligned(address))
        {
            return Errno.EINVAL;
        }

        ulong end = unchecked(address + RoundUp(lengthBytes));
        if (lengthBytes == 0)
        {
            return SyscallResult.Ok;
        }

        if (end <= address)
        {
            return Errno.ENOMEM;
        }

        return Protect(address, end, protection);
    }

    /// <summary>Changes the rights from one page boundary up to another, which is higher.</summary>
    private protected abstract SyscallResult Protect(ulong start, ulong end, Protection protection);
}
