namespace BsdVm.Posix;

/// <summary>What mmap is asked to map.</summary>
/// <param name="Protection">The rights.</param>
/// <param name="IsShared">MAP_SHARED.</param>
/// <param name="File">The file, or null for anonymous memory.</param>
/// <param name="Offset">The offset in the file, in bytes.</param>
/// <param name="Options">More.</param>
internal readonly record struct Mapping(Protection Protection, bool IsShared, KernelFile? File, ulong Offset, MmapOptions Options)
{
    public bool IsReadOnly => (Options & MmapOptions.ReadOnlyFile) != 0;

    public bool IsAccounted => Protection.Allows(Protection.Write) && !IsShared;

    public bool IsPrivateAnonymous => File is null && !IsShared;

    public bool IsSharedReadOnly => IsShared && File is not null && IsReadOnly;
}
