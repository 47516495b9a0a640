namespace BsdVm.Posix;

internal sealed partial class LinuxPersonality
{
    /// <summary>
    /// Locks what lies ahead of the first hole; without a hole, brings all of it in. A page that has no rights, or lies past the end of its
    /// file, is ENOMEM and leaves everything locked. Source: <c>do_mlock</c>, <c>apply_vma_lock_flags</c>, <c>__mm_populate</c>.
    /// Differs: without frames nothing is locked.
    /// </summary>
    public override Errno Mlock(ProcessMemory memory, ulong address, ulong length)
    {
        Errno error = LockedRange(address, length, out ulong start, out ulong end);
        if (error != Errno.None || start == end)
        {
            return error;
        }

        var locked = new List<AddressRange>();
        var walk = new VmaWalk(memory.Mappings, start, end);
        while (walk.MoveNextWithoutHole())
        {
            if (!walk.Mapping.Has(VmaFlags.Locked))
            {
                memory.Mappings.Change(walk.From, walk.To, walk.Mapping.Protection, walk.Mapping.Flags | VmaFlags.Locked);
                memory.Map.WireLazily(walk.Range);
                locked.Add(walk.Range);
            }
        }

        if (walk.MetHole)
        {
            return Errno.ENOMEM;
        }

        VmStatus status = Populate(memory, start, end);
        if (status == VmStatus.ResourceShortage)
        {
            locked.ForEach(range => Unlock(memory, range.Start.Value, range.End.Value));
        }

        return status == VmStatus.Success ? Errno.None : Errno.ENOMEM;
    }

    /// <summary>Source: <c>munlock</c>.</summary>
    public override Errno Munlock(ProcessMemory memory, ulong address, ulong length)
    {
        Errno error = LockedRange(address, length, out ulong start, out ulong end);
        return error != Errno.None || start == end ? error : Unlock(memory, start, end);
    }

    // The address is rounded down, and the length with it; what wraps to nothing is nothing.
    private static Errno LockedRange(ulong address, ulong length, out ulong start, out ulong end)
    {
        start = RoundDown(address);
        end = unchecked(start + RoundUp(length + (address - start)));
        return end < start ? Errno.EINVAL : Errno.None;
    }

    private static Errno Unlock(ProcessMemory memory, ulong start, ulong end)
    {
        var walk = new VmaWalk(memory.Mappings, start, end);
        while (walk.MoveNextWithoutHole())
        {
            if (walk.Mapping.Has(VmaFlags.Locked))
            {
                memory.Mappings.Change(walk.From, walk.To, walk.Mapping.Protection, walk.Mapping.Flags & ~VmaFlags.Locked);
                memory.Map.Unwire(walk.Range);
            }
        }

        return walk.MetHole ? Errno.ENOMEM : Errno.None;
    }

    private static VmStatus Populate(ProcessMemory memory, ulong start, ulong end)
    {
        var walk = new VmaWalk(memory.Mappings, start, end);
        while (walk.MoveNext())
        {
            VmStatus status = walk.Mapping.Protection == Protection.None ? VmStatus.ProtectionFailure : memory.Map.Populate(walk.Range);
            if (status != VmStatus.Success)
            {
                return status;
            }
        }

        return VmStatus.Success;
    }
}
