namespace BsdVm.Posix;

/// <summary>One mapping as <c>maps</c> lists it.</summary>
/// <param name="Range">The addresses.</param>
/// <param name="Protection">The rights.</param>
/// <param name="IsShared">MAP_SHARED.</param>
/// <param name="File">The file's name, or null for anonymous memory.</param>
/// <param name="Offset">Where the range starts in the file or object, in bytes.</param>
/// <param name="Identity">Tells objects of shared anonymous memory apart; 0 for all else.</param>
public readonly record struct MapsRow(AddressRange Range, Protection Protection, bool IsShared, string? File, ulong Offset, long Identity);

public abstract partial class Process
{
    /// <summary>
    /// The mappings that overlap a range, lowest first: the rows that the system modelled keeps, Linux's mappings or BSD's entries.
    /// </summary>
    public abstract IReadOnlyList<MapsRow> Maps(AddressRange range);
}
