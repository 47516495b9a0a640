namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override SyscallResult Lock(ulong start, ulong end)
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
            newlyLocked.ForEach(part => Unlock(part.Start.Value, part.End.Value));
        }

        return status == VmStatus.Success ? SyscallResult.Ok : Errno.ENOMEM;
    }

    private protected override SyscallResult Unlock(ulong start, ulong end) =>
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
