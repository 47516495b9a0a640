namespace BsdVm.Posix;

/// <summary>What else mmap is told.</summary>
[Flags]
public enum MmapOptions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Refuses with EEXIST where something is mapped already (MAP_FIXED_NOREPLACE, FreeBSD's MAP_EXCL).</summary>
    NoReplace = 1,

    /// <summary>A stack: grows on an access below it (MAP_GROWSDOWN, BSD's MAP_STACK).</summary>
    GrowsDown = 2,

    /// <summary>The file was opened for reading only.</summary>
    ReadOnlyFile = 4,
}
