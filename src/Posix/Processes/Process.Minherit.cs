namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>
    /// minherit(2). On Linux none is MADV_DONTFORK and zero MADV_WIPEONFORK, which add up; copy undoes both; share cannot be said.
    /// </summary>
    public SyscallResult Minherit(ulong address, ulong lengthBytes, VmInheritance inheritance)
    {
        Errno error = AdviceRange(address, lengthBytes, out ulong end);
        if (error != Errno.None || (Vmas is not null && inheritance == VmInheritance.Share))
        {
            return error != Errno.None ? error : Errno.EINVAL;
        }

        if (end == address)
        {
            return SyscallResult.Ok;
        }

        if (Vmas is null)
        {
            Map.Inherit(Clamp(address, end), inheritance);
            return SyscallResult.Ok;
        }

        switch (inheritance)
        {
            case VmInheritance.None:
                return LinuxInherit(address, end, VmaFlags.DontFork, VmaFlags.None);
            case VmInheritance.Zero:
                return LinuxInherit(address, end, VmaFlags.WipeOnFork, VmaFlags.None);
            default:
                SyscallResult undone = LinuxInherit(address, end, VmaFlags.None, VmaFlags.DontFork);
                return undone.Error == Errno.EAGAIN ? undone : LinuxInherit(address, end, VmaFlags.None, VmaFlags.WipeOnFork);
        }
    }

    // One madvise each: MADV_DONTFORK, MADV_WIPEONFORK, or MADV_DOFORK and then MADV_KEEPONFORK.
    private SyscallResult LinuxInherit(ulong start, ulong end, VmaFlags set, VmaFlags clear) =>
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
