namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    // The mappings change first: where locked memory becomes writable its pages are written at once, and the anon_vma that this makes is
    // chosen among the mappings as they are afterwards.
    private protected override SyscallResult Protect(ulong start, ulong end, Protection protection) =>
        ForEachMapping(start, end, stopsAtHole: true, (in Vma vma, AddressRange part) =>
        {
            if (protection.Allows(Protection.Write) && vma.IsShared && vma.Object is KernelFile.ReadOnlyHandle)
            {
                return Errno.EACCES;
            }

            if (vma.Protection != protection)
            {
                // Source: mprotect_fixup: memory that becomes writable is promised from now on.
                bool isPromised = (vma.FlagsWith(protection) & ~vma.Flags & VmaFlags.Account) != 0;
                if ((isPromised && !_system.MayPromise(part.PageCount))
                    || !TryChange(part, protection, vma.FlagsWith(protection)))
                {
                    return Errno.ENOMEM;
                }

                Require(Map.Protect(part, protection));
            }

            return Errno.None;
        });
}
