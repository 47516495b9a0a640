namespace BsdVm.Traces;

/// <summary>mmap(2). On success the result is the address.</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Address">The address asked for, 0 for none.</param>
/// <param name="LengthBytes">The length, not rounded.</param>
/// <param name="ProtectionBits">Linux's PROT_ bits.</param>
/// <param name="Flags">Linux's MAP_ bits.</param>
/// <param name="Descriptor">The file descriptor, -1 for none.</param>
/// <param name="Offset">The offset in the file.</param>
/// <param name="File">The name that the descriptor was opened under, or null where the trace does not tell.</param>
public sealed record MmapCall(
    int Process, CallResult Result, ulong Address, ulong LengthBytes, ulong ProtectionBits, ulong Flags, int Descriptor, ulong Offset,
    string? File)
    : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => SystemCall.Mmap;

    /// <summary>The rights among <see cref="ProtectionBits"/>.</summary>
    public Protection Protection => (Protection)(ProtectionBits & 7);

    /// <summary>MAP_SHARED or MAP_SHARED_VALIDATE.</summary>
    public bool IsShared => (Flags & 1) != 0;

    /// <summary>MAP_FIXED: what is mapped there goes first.</summary>
    public bool IsFixed => (Flags & 0x10) != 0;

    /// <summary>MAP_ANONYMOUS.</summary>
    public bool IsAnonymous => (Flags & 0x20) != 0;
}

/// <summary>mprotect(2).</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length, not rounded.</param>
/// <param name="ProtectionBits">Linux's PROT_ bits.</param>
public sealed record MprotectCall(int Process, CallResult Result, ulong Address, ulong LengthBytes, ulong ProtectionBits)
    : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => SystemCall.Mprotect;

    /// <summary>The rights among <see cref="ProtectionBits"/>.</summary>
    public Protection Protection => (Protection)(ProtectionBits & 7);
}

/// <summary>munmap(2).</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length, not rounded.</param>
public sealed record MunmapCall(int Process, CallResult Result, ulong Address, ulong LengthBytes) : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => SystemCall.Munmap;
}

/// <summary>brk(2). The result is the break afterwards, which is the old one where the request could not be met.</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Address">The break asked for; 0 only asks for the present one.</param>
public sealed record BrkCall(int Process, CallResult Result, ulong Address) : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => SystemCall.Brk;
}

/// <summary>mremap(2). On success the result is the new address.</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="OldAddress">The first address now.</param>
/// <param name="OldLengthBytes">The length now.</param>
/// <param name="NewLengthBytes">The length asked for.</param>
/// <param name="Flags">Linux's MREMAP_ bits.</param>
/// <param name="NewAddress">The address asked for with MREMAP_FIXED, else 0.</param>
public sealed record MremapCall(
    int Process, CallResult Result, ulong OldAddress, ulong OldLengthBytes, ulong NewLengthBytes, ulong Flags, ulong NewAddress)
    : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => SystemCall.Mremap;

    /// <summary>MREMAP_MAYMOVE.</summary>
    public bool MayMove => (Flags & 1) != 0;

    /// <summary>MREMAP_FIXED.</summary>
    public bool IsFixed => (Flags & 2) != 0;
}

/// <summary>madvise(2).</summary>
/// <param name="Process">The process that made it.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Address">The first address.</param>
/// <param name="LengthBytes">The length, not rounded.</param>
/// <param name="Advice">Linux's MADV_ number, 4 for MADV_DONTNEED.</param>
public sealed record MadviseCall(int Process, CallResult Result, ulong Address, ulong LengthBytes, int Advice)
    : TraceCall(Process, Result)
{
    /// <inheritdoc/>
    public override SystemCall Call => SystemCall.Madvise;
}
