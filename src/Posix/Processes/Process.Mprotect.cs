namespace BsdVm.Posix;

public sealed partial class Process
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

        if (Vmas is not null)
        {
            return LinuxMprotect(address, end, protection);
        }

        return Map.Protect(Clamp(address, end), protection) == VmStatus.Success ? SyscallResult.Ok : Errno.EACCES;
    }

    // The mappings change first: where locked memory becomes writable its pages are written at once, and the anon_vma that this makes is chosen
    // among the mappings as they are afterwards.
    private SyscallResult LinuxMprotect(ulong address, ulong end, Protection protection) =>
        ForEachMapping(address, end, stopsAtHole: true, (in Vma vma, AddressRange part) =>
        {
            if (protection.Allows(Protection.Write) && vma.IsShared && vma.Object is KernelFile.ReadOnlyHandle)
            {
                return Errno.EACCES;
            }

            if (vma.Protection != protection)
            {
                // Source: mprotect_fixup: memory that becomes writable is promised from now on.
                bool isPromised = (vma.FlagsWith(protection) & ~vma.Flags & VmaFlags.Account) != 0;
                if ((isPromised && !Kernel.MayPromise(part.PageCount))
                    || !TryChange(part, protection, vma.FlagsWith(protection)))
                {
                    return Errno.ENOMEM;
                }

                Require(Map.Protect(part, protection));
            }

            return Errno.None;
        });
}
