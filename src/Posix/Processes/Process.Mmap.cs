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

public abstract partial class Process
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
        if (length == 0 || length > UserLimit)
        {
            return Errno.ENOMEM;
        }

        var mapping = new Mapping(protection, isShared, file, offset, options);
        bool keepsOthers = (options & MmapOptions.NoReplace) != 0;
        Errno error = Place(address, length, keepsOthers, mapping.IsPrivateAnonymous, out AddressRange range);
        if (error == Errno.None)
        {
            error = CheckSource(length, mapping);
        }

        if (error == Errno.None)
        {
            error = CheckLimits(range, mapping);
        }

        if (error != Errno.None)
        {
            return error;
        }

        Unmap(range);
        Add(range, mapping);
        return new(Errno.None, range.Start.Value);
    }

    /// <summary>Whether a mapping would be more than the system allows, before anything goes.</summary>
    private protected abstract Errno CheckLimits(AddressRange range, in Mapping mapping);

    /// <summary>Something has been mapped where nothing was.</summary>
    /// <param name="range">Where.</param>
    /// <param name="mapping">What.</param>
    /// <param name="source">The object of a file or of shared memory, else null.</param>
    /// <param name="isHeap">It is the heap's growth.</param>
    private protected virtual void NoteAdded(AddressRange range, in Mapping mapping, VmObject? source, bool isHeap)
    {
    }

    /// <summary>Everything in a range has been unmapped.</summary>
    private protected virtual void NoteRemoved(AddressRange range)
    {
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

    // Where nothing is.
    private void Add(AddressRange range, in Mapping mapping, bool isHeap = false)
    {
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
        NoteAdded(range, mapping, source, isHeap);
        if (held is not null)
        {
            Vm.ReleaseObject(held);
        }
    }

    private protected void Unmap(AddressRange range)
    {
        Map.Remove(range);
        NoteRemoved(range);
    }
}
