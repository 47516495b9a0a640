namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override SyscallResult Inherit(ulong start, ulong end, VmInheritance inheritance)
    {
        switch (inheritance)
        {
            case VmInheritance.Share:
                return Errno.EINVAL;
            case VmInheritance.None:
                return Advise(start, end, VmaFlags.DontFork, VmaFlags.None);
            case VmInheritance.Zero:
                return Advise(start, end, VmaFlags.WipeOnFork, VmaFlags.None);
            default:
                SyscallResult undone = Advise(start, end, VmaFlags.None, VmaFlags.DontFork);
                return undone.Error == Errno.EAGAIN ? undone : Advise(start, end, VmaFlags.None, VmaFlags.WipeOnFork);
        }
    }

    // One madvise each: MADV_DONTFORK, MADV_WIPEONFORK, or MADV_DOFORK and then MADV_KEEPONFORK.
    private SyscallResult Advise(ulong start, ulong end, VmaFlags set, VmaFlags clear) =>
        ForEachMapping(start, end, stopsAtHole: false, (in Vma vma, AddressRange part) =>
        {
            if (set == VmaFlags.WipeOnFork && !vma.IsPrivateAnonymous)
            {
                return Errno.EINVAL;
            }

            VmaFlags flags = (vma.Flags | set) & ~clear;
            if (flags != vma.Flags)
            {
                if (!TryChange(part, vma.Protection, flags))
                {
                    return Errno.EAGAIN;
                }

                Map.Inherit(part, InheritanceOf(flags, vma.IsShared));
            }

            return Errno.None;
        });

    private static VmInheritance InheritanceOf(VmaFlags flags, bool isShared) =>
        (flags & VmaFlags.DontFork) != 0 ? VmInheritance.None
        : (flags & VmaFlags.WipeOnFork) != 0 ? VmInheritance.Zero
        : isShared ? VmInheritance.Share : VmInheritance.Copy;
}
