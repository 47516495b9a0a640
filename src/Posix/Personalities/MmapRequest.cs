namespace BsdVm.Posix;

/// <summary>The arguments of mmap.</summary>
internal readonly record struct MmapRequest(
    ulong? Address, ulong LengthBytes, Protection Protection, bool IsShared, KernelFile? File, ulong Offset, MmapOptions Options)
{
    public bool Has(MmapOptions option) => (Options & option) != 0;

    /// <summary>A shared mapping of a file that was opened for reading only: it can never be writable.</summary>
    public bool IsSharedReadOnly => IsShared && File is not null && Has(MmapOptions.ReadOnlyFile);
}

/// <summary>The arguments of mremap.</summary>
internal readonly record struct MremapRequest(ulong Address, ulong OldLengthBytes, ulong NewLengthBytes, bool MayMove, ulong? Target);
