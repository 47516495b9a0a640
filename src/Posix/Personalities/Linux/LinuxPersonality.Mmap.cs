namespace BsdVm.Posix;

internal sealed partial class LinuxPersonality
{
    /// <summary>Source: <c>ksys_mmap_pgoff</c>, <c>do_mmap</c>, whose order of checks this keeps.</summary>
    public override SyscallResult Mmap(ProcessMemory memory, in MmapRequest request)
    {
        Errno error = Place(memory, in request, out ulong start, out ulong end);
        if (error == Errno.None)
        {
            error = CheckSource(in request, end - start);
        }

        if (error != Errno.None)
        {
            return SyscallResult.Fail(error);
        }

        Unmap(memory, start, end);
        MapNew(memory, start, end, in request);
        return SyscallResult.Of(start);
    }

    private Errno Place(ProcessMemory memory, in MmapRequest request, out ulong start, out ulong end)
    {
        start = request.Address ?? 0;
        end = 0;
        if ((request.File is not null && !IsAligned(request.Offset)) || request.LengthBytes == 0)
        {
            return Errno.EINVAL;
        }

        ulong length = RoundUp(request.LengthBytes);
        if (length == 0 || length > UserLimit || (request.Address is null && !TryFindSpace(memory, length, out start)) || start > UserLimit - length)
        {
            return Errno.ENOMEM;
        }

        end = start + length;
        if (!IsAligned(start))
        {
            return Errno.EINVAL;
        }

        return request.Has(MmapOptions.NoReplace) && !memory.Mappings.IsFree(start, end) ? Errno.EEXIST : Errno.None;
    }

    // Source: file_mmap_ok and the switch over MAP_SHARED and MAP_PRIVATE in do_mmap.
    private static Errno CheckSource(in MmapRequest request, ulong length)
    {
        if (request.File is null)
        {
            return request.IsShared && request.Has(MmapOptions.GrowsDown) ? Errno.EINVAL : Errno.None;
        }

        if (length > KernelFile.LargestBytes || request.Offset > KernelFile.LargestBytes - length)
        {
            return Errno.EOVERFLOW;
        }

        if (request.IsSharedReadOnly && request.Protection.Allows(Protection.Write))
        {
            return Errno.EACCES;
        }

        return request.Has(MmapOptions.GrowsDown) ? Errno.EINVAL : Errno.None;
    }

    private void MapNew(ProcessMemory memory, ulong start, ulong end, in MmapRequest request)
    {
        var made = new Vma
        {
            Start = start,
            End = end,
            Protection = request.Protection,
            IsShared = request.IsShared,
            PageOffset = request.File is not null ? request.Offset >> PageSize.Base.Shift : request.IsShared ? 0 : start >> PageSize.Base.Shift,
            Flags = (request.Has(MmapOptions.GrowsDown) ? VmaFlags.GrowsDown : VmaFlags.None)
                | (!request.IsShared && request.Protection.Allows(Protection.Write) ? VmaFlags.Account : VmaFlags.None),
        };
        if (request.File is { } file)
        {
            made.Object = request.Has(MmapOptions.ReadOnlyFile) ? file.ReadOnly : file;
            Map(memory, made.Range, in request);
        }
        else if (request.IsShared)
        {
            made.Object = Map(memory, made.Range, in request);
        }
        else if (memory.Mappings.JoinsLower(in made))
        {
            // One mapping with the one below, so one entry will do as well, and a heap does not become a thousand of them.
            Require(memory.Map.Extend(new(start), end - start));
        }
        else
        {
            Map(memory, made.Range, in request);
        }

        memory.Mappings.Insert(in made);
    }
}
