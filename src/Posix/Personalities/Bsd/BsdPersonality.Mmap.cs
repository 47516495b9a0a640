namespace BsdVm.Posix;

internal sealed partial class BsdPersonality
{
    /// <summary>
    /// Refuses what lies outside the address space with EINVAL, where Linux says ENOMEM. Length 0 is EINVAL, with Lite2 a success that maps
    /// nothing. Source: 4.4BSD <c>mmap</c>, <c>vm_mmap</c>; FreeBSD <c>kern_mmap</c>, MAP_EXCL.
    /// </summary>
    public override SyscallResult Mmap(ProcessMemory memory, in MmapRequest request)
    {
        Errno error = Check(in request);
        if (error != Errno.None)
        {
            return SyscallResult.Fail(error);
        }

        ulong length = RoundUp(request.LengthBytes);
        if (length == 0)
        {
            return SyscallResult.Of(request.Address ?? SearchStart);
        }

        AddressRange range;
        if (request.Address is { } address)
        {
            range = new AddressRange(new(address), length);
            if (request.Has(MmapOptions.NoReplace) && !memory.Map.IsFree(range))
            {
                return SyscallResult.Fail(Errno.EEXIST);
            }

            memory.Map.Remove(range);
        }
        else if (memory.Map.TryFindSpace(new(SearchStart), length, out VirtualAddress found))
        {
            range = new AddressRange(found, length);
        }
        else
        {
            return SyscallResult.Fail(Errno.ENOMEM);
        }

        Map(memory, range, in request);
        return SyscallResult.Of(range.Start.Value);
    }

    private Errno Check(in MmapRequest request)
    {
        if (IsNegative(request.LengthBytes) || (request.LengthBytes == 0 && !IsLite2))
        {
            return Errno.EINVAL;
        }

        ulong length = RoundUp(request.LengthBytes);
        if (!IsAligned(request.Address ?? 0) || !IsInside(request.Address ?? 0, length))
        {
            return Errno.EINVAL;
        }

        if (request.File is null)
        {
            return request.IsShared && request.Has(MmapOptions.GrowsDown) ? Errno.EINVAL : Errno.None;
        }

        if (!IsAligned(request.Offset) || IsNegative(request.Offset) || IsNegative(request.Offset + length) || request.Has(MmapOptions.GrowsDown))
        {
            return Errno.EINVAL;
        }

        return request.IsSharedReadOnly && request.Protection.Allows(Protection.Write) ? Errno.EACCES : Errno.None;
    }
}
