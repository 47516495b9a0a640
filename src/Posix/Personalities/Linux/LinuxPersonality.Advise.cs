namespace BsdVm.Posix;

internal sealed partial class LinuxPersonality
{
    /// <summary>
    /// Treats every mapping of the range, holes or not; a mapping that refuses ends it, and what lies ahead stays done. Source:
    /// <c>do_madvise</c>, <c>madvise_walk_vmas</c>.
    /// </summary>
    public override Errno Madvise(ProcessMemory memory, ulong address, ulong length, MadviseKind advice)
    {
        Errno error = AdvisedRange(address, length, out ulong end);
        if (error != Errno.None || end == address)
        {
            return error;
        }

        var walk = new VmaWalk(memory.Mappings, address, end);
        while (walk.MoveNext())
        {
            error = AdvisePart(memory, in walk, advice);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return walk.MetHole ? Errno.ENOMEM : Errno.None;
    }

    /// <summary>None is MADV_DONTFORK, zero MADV_WIPEONFORK, copy MADV_DOFORK and then MADV_KEEPONFORK; there is no share.</summary>
    public override Errno Minherit(ProcessMemory memory, ulong address, ulong length, VmInheritance inheritance)
    {
        Errno error = AdvisedRange(address, length, out ulong end);
        if (error == Errno.None && inheritance == VmInheritance.Share)
        {
            error = Errno.EINVAL;
        }

        if (error != Errno.None || end == address)
        {
            return error;
        }

        switch (inheritance)
        {
            case VmInheritance.None:
                return SetInheritance(memory, address, end, VmaFlags.DontFork, VmaFlags.None);
            case VmInheritance.Zero:
                return SetInheritance(memory, address, end, VmaFlags.WipeOnFork, VmaFlags.None);
            default:
                SetInheritance(memory, address, end, VmaFlags.None, VmaFlags.DontFork);
                return SetInheritance(memory, address, end, VmaFlags.None, VmaFlags.WipeOnFork);
        }
    }

    private static Errno AdvisedRange(ulong address, ulong length, out ulong end)
    {
        ulong rounded = RoundUp(length);
        end = unchecked(address + rounded);
        return !IsAligned(address) || (length != 0 && rounded == 0) || end < address ? Errno.EINVAL : Errno.None;
    }

    private static Errno AdvisePart(ProcessMemory memory, in VmaWalk part, MadviseKind advice)
    {
        switch (advice)
        {
            case MadviseKind.DontNeed:
                if (part.Mapping.Has(VmaFlags.Locked))
                {
                    return Errno.EINVAL;
                }

                memory.Map.Drop(part.Range);
                return Errno.None;
            case MadviseKind.Free:
                // Lazily, and nothing presses for memory: the pages stay.
                return part.Mapping.Has(VmaFlags.Locked) || !part.Mapping.IsPrivateAnonymous ? Errno.EINVAL : Errno.None;
            case MadviseKind.WillNeed:
                return Errno.None;
            case MadviseKind.Random:
                SetAdvice(memory, in part, VmaFlags.Random, VmAdvice.Random);
                return Errno.None;
            case MadviseKind.Sequential:
                SetAdvice(memory, in part, VmaFlags.Sequential, VmAdvice.Sequential);
                return Errno.None;
            default:
                SetAdvice(memory, in part, VmaFlags.None, VmAdvice.Normal);
                return Errno.None;
        }
    }

    private static void SetAdvice(ProcessMemory memory, in VmaWalk part, VmaFlags flag, VmAdvice advice)
    {
        VmaFlags flags = (part.Mapping.Flags & ~(VmaFlags.Random | VmaFlags.Sequential)) | flag;
        if (flags != part.Mapping.Flags)
        {
            memory.Mappings.Change(part.From, part.To, part.Mapping.Protection, flags);
            memory.Map.Advise(part.Range, advice);
        }
    }

    private static Errno SetInheritance(ProcessMemory memory, ulong start, ulong end, VmaFlags set, VmaFlags clear)
    {
        var walk = new VmaWalk(memory.Mappings, start, end);
        while (walk.MoveNext())
        {
            if (set == VmaFlags.WipeOnFork && !walk.Mapping.IsPrivateAnonymous)
            {
                return Errno.EINVAL;
            }

            VmaFlags flags = (walk.Mapping.Flags | set) & ~clear;
            if (flags != walk.Mapping.Flags)
            {
                memory.Mappings.Change(walk.From, walk.To, walk.Mapping.Protection, flags);
                memory.Map.Inherit(walk.Range, InheritanceOf(flags, walk.Mapping.IsShared));
            }
        }

        return walk.MetHole ? Errno.ENOMEM : Errno.None;
    }

    private static VmInheritance InheritanceOf(VmaFlags flags, bool isShared) =>
        (flags & VmaFlags.DontFork) != 0 ? VmInheritance.None
        : (flags & VmaFlags.WipeOnFork) != 0 ? VmInheritance.Zero
        : isShared ? VmInheritance.Share : VmInheritance.Copy;
}
