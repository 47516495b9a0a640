namespace BsdVm.Posix;

/// <summary>What mmap may be told beside its usual arguments.</summary>
[Flags]
public enum MmapOptions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>MAP_FIXED_NOREPLACE.</summary>
    NoReplace = 1,

    /// <summary>MAP_GROWSDOWN, a stack.</summary>
    GrowsDown = 2,

    /// <summary>The file is open for reading only.</summary>
    ReadOnlyFile = 4,
}

public sealed partial class Process
{
    /// <summary>
    /// mmap(2). Everything that can fail is looked at before anything is unmapped (4.4BSD's MAP_FIXED destroyed first, B21).
    /// </summary>
    /// <param name="address">Exactly there (MAP_FIXED); null lets the system choose.</param>
    /// <param name="lengthBytes">The length.</param>
    /// <param name="protection">The rights.</param>
    /// <param name="isShared">MAP_SHARED.</param>
    /// <param name="file">The file, or null for anonymous memory.</param>
    /// <param name="offset">The offset in the file.</param>
    /// <param name="options">More.</param>
    /// <returns>The address.</returns>
    public SyscallResult Mmap(
        ulong? address, ulong lengthBytes, Protection protection, bool isShared, KernelFile? file, ulong offset, MmapOptions options)
    {
        if (lengthBytes == 0 || (file is not null && !IsAligned(offset)))
        {
            return Errno.EINVAL;
        }

        ulong length = RoundUp(lengthBytes);
        ulong limit = Kernel.UserBounds.LengthBytes;
        if (length == 0 || length > limit)
        {
            return Errno.ENOMEM;
        }

        Errno error = Place(address, length, (options & MmapOptions.NoReplace) != 0, out AddressRange range);
        if (error == Errno.None)
        {
            error = CheckSource(length, new Mapping(protection, isShared, file, offset, options));
        }

        if (error != Errno.None)
        {
            return error;
        }

        Replace(range, new Mapping(protection, isShared, file, offset, options));
        return new(Errno.None, range.Start.Value);
    }

    private readonly record struct Mapping(Protection Protection, bool IsShared, KernelFile? File, ulong Offset, MmapOptions Options)
    {
        public bool IsReadOnly => (Options & MmapOptions.ReadOnlyFile) != 0;

        public bool IsSharedReadOnly => IsShared && File is not null && IsReadOnly;
    }

    // Source: Linux file_mmap_ok and the switch over MAP_SHARED and MAP_PRIVATE in do_mmap.
    private static Errno CheckSource(ulong length, in Mapping mapping)
    {
        bool growsDown = (mapping.Options & MmapOptions.GrowsDown) != 0;
        if (mapping.File is null)
        {
            return growsDown && mapping.IsShared ? Errno.EINVAL : Errno.None;
        }

        if (length > KernelFile.LargestSizeBytes || mapping.Offset > KernelFile.LargestSizeBytes - length)
        {
            return Errno.EOVERFLOW;
        }

        if (mapping.IsSharedReadOnly && mapping.Protection.Allows(Protection.Write))
        {
            return Errno.EACCES;
        }

        return growsDown ? Errno.EINVAL : Errno.None;
    }

    private Errno Place(ulong? address, ulong length, bool keepsOthers, out AddressRange range)
    {
        range = default;
        ulong limit = Kernel.UserBounds.LengthBytes;
        if (address is { } wanted)
        {
            if (wanted > limit - length)
            {
                return Errno.ENOMEM;
            }

            if (!IsAligned(wanted))
            {
                return Errno.EINVAL;
            }

            range = new AddressRange(new(wanted), length);
            return keepsOthers && !Map.IsFree(range) ? Errno.EEXIST : Errno.None;
        }

        // First fit from the middle of the space: above programs and heaps, below stacks.
        var from = new VirtualAddress(limit > 1UL << 32 ? 0x7F00_0000_0000 : limit / 2);
        if (!Map.TryFindSpace(from, length, out VirtualAddress start) && !Map.TryFindSpace(new(PageSize.BaseBytes), length, out start))
        {
            return Errno.ENOMEM;
        }

        range = new AddressRange(start, length);
        return Errno.None;
    }

    private void Replace(AddressRange range, in Mapping mapping)
    {
        Unmap(range);
        VmObject? held = mapping.IsShared && mapping.File is null ? Vm.CreateAnonymousObject(range.LengthBytes) : null;
        VmObject? source = mapping.File?.Vnode.Object ?? held;
        bool growsDown = (mapping.Options & MmapOptions.GrowsDown) != 0;
        Require(Map.Insert(new VmMapRequest
        {
            Range = range,
            Protection = mapping.Protection,
            MaxProtection = mapping.IsSharedReadOnly ? Protection.ReadExecute : Protection.All,
            Inheritance = mapping.IsShared ? VmInheritance.Share : VmInheritance.Copy,
            IsShared = mapping.IsShared,
            Object = source,
            Offset = mapping.File is null ? 0 : mapping.Offset,
            GrowsDown = growsDown,
        }));
        Vmas?.Insert(new Vma
        {
            Start = range.Start.Value,
            End = range.End.Value,
            PageOffset = (source is null ? range.Start.Value : mapping.File is null ? 0 : mapping.Offset) >> PageSize.Base.Shift,
            Object = mapping.File is { } open ? (mapping.IsReadOnly ? open.ReadOnly : open) : held,
            Protection = mapping.Protection,
            IsShared = mapping.IsShared,
            Flags = (mapping.Protection.Allows(Protection.Write) && !mapping.IsShared ? VmaFlags.Account : 0)
                | (growsDown ? VmaFlags.GrowsDown : 0),
        });
        if (held is not null)
        {
            Vm.ReleaseObject(held);
        }
    }

    private void Unmap(AddressRange range)
    {
        Map.Remove(range);
        Vmas?.Remove(range.Start.Value, range.End.Value);
    }
}
