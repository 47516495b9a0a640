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

        return ForEachMapping(address, end, stopsAtHole: false, (in Vma vma, AddressRange part) => LinuxInherit(in vma, part, inheritance));
    }

    private Errno LinuxInherit(in Vma vma, AddressRange part, VmInheritance inheritance)
    {
        if (inheritance == VmInheritance.Zero && !vma.IsPrivateAnonymous)
        {
            return Errno.EINVAL;
        }

        VmaFlags flags = inheritance switch
        {
            VmInheritance.None => vma.Flags | VmaFlags.DontFork,
            VmInheritance.Zero => vma.Flags | VmaFlags.WipeOnFork,
            _ => vma.Flags & ~(VmaFlags.DontFork | VmaFlags.WipeOnFork),
        };
        Vmas!.Change(part.Start.Value, part.End.Value, vma.Protection, flags);
        Map.Inherit(part, InheritanceOf(flags, vma.IsShared));
        return Errno.None;
    }

    private static VmInheritance InheritanceOf(VmaFlags flags, bool isShared) =>
        (flags & VmaFlags.DontFork) != 0 ? VmInheritance.None
        : (flags & VmaFlags.WipeOnFork) != 0 ? VmInheritance.Zero
        : isShared ? VmInheritance.Share : VmInheritance.Copy;
}
