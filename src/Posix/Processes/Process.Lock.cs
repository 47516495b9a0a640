namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>
    /// mlock(2): the range, rounded outwards, stays in memory. Linux locks what lies ahead of a hole and then fails without bringing pages in;
    /// a page that cannot be brought in fails it too, but leaves all locked. BSD does all or nothing.
    /// </summary>
    public SyscallResult Mlock(ulong address, ulong lengthBytes)
    {
        (ulong start, ulong end, Errno error) = LockRange(address, lengthBytes);
        if (error != Errno.None || start == end)
        {
            return error;
        }

        if (Vmas is null)
        {
            AddressRange range = Clamp(start, end);
            return end <= Kernel.UserBounds.LengthBytes && Map.IsMapped(range) && Map.Wire(range) == VmStatus.Success ? SyscallResult.Ok : Errno.ENOMEM;
        }

        return LinuxMlock(start, end);
    }

    /// <summary>munlock(2). It does not nest.</summary>
    public SyscallResult Munlock(ulong address, ulong lengthBytes)
    {
        (ulong start, ulong end, Errno error) = LockRange(address, lengthBytes);
        if (error != Errno.None || start == end)
        {
            return error;
        }

        if (Vmas is null)
        {
            AddressRange range = Clamp(start, end);
            if (end > Kernel.UserBounds.LengthBytes || !Map.IsMapped(range))
            {
                return Errno.ENOMEM;
            }

            Map.Unwire(range);
            return SyscallResult.Ok;
        }

        return LinuxMunlock(start, end);
    }

    private SyscallResult LinuxMlock(ulong start, ulong end)
    {
        var newlyLocked = new List<AddressRange>();
        SyscallResult locked = ForEachMapping(start, end, stopsAtHole: true, (in Vma vma, AddressRange part) =>
        {
            if (!vma.Has(VmaFlags.Locked))
            {
                if (!TryChange(part, vma.Protection, vma.Flags | VmaFlags.Locked))
                {
                    return Errno.ENOMEM;
                }

                newlyLocked.Add(part);
                Map.MarkWired(part);
            }

            return Errno.None;
        });
        if (!locked.Succeeded)
        {
            return locked;
        }

        VmStatus status = Populate(start, end);
        if (status == VmStatus.ResourceShortage)
        {
            // Differs: the kernel would leave them locked.
            newlyLocked.ForEach(part => LinuxMunlock(part.Start.Value, part.End.Value));
        }

        return status == VmStatus.Success ? SyscallResult.Ok : Errno.ENOMEM;
    }

    private SyscallResult LinuxMunlock(ulong start, ulong end) =>
        ForEachMapping(start, end, stopsAtHole: true, (in Vma vma, AddressRange part) =>
        {
            if (vma.Has(VmaFlags.Locked))
            {
                if (!TryChange(part, vma.Protection, vma.Flags & ~VmaFlags.Locked))
                {
                    return Errno.ENOMEM;
                }

                Map.Unwire(part);
            }

            return Errno.None;
        });

    private static (ulong Start, ulong End, Errno Error) LockRange(ulong address, ulong lengthBytes)
    {
        ulong start = RoundDown(address);
        ulong length = RoundUp(unchecked(lengthBytes + (address - start)));
        ulong end = unchecked(start + length);
        return end < start ? (0, 0, Errno.EINVAL) : (start, end, Errno.None);
    }

    // The first page that cannot be brought in ends it.
    private VmStatus Populate(ulong start, ulong end)
    {
        var status = VmStatus.Success;
        ForEachMapping(start, end, stopsAtHole: true, (in Vma vma, AddressRange part) =>
        {
            status = vma.Protection == Protection.None ? VmStatus.ProtectionFailure : Map.Populate(part);
            return status == VmStatus.Success ? Errno.None : Errno.ENOMEM;
        });
        return status;
    }
}
