namespace BsdVm.Snapshots;

/// <summary>One entry of a table, not zero.</summary>
/// <param name="Index">Its number in the table.</param>
/// <param name="First">The first virtual address that leads to it.</param>
/// <param name="At">Where it stands in physical memory.</param>
/// <param name="Word">Its contents.</param>
/// <param name="Meaning">Its contents in words, with the manual's names.</param>
public sealed record TableEntry(int Index, VirtualAddress First, PhysicalAddress At, ulong Word, string Meaning)
{
    /// <summary>The page that it maps; null if it maps none.</summary>
    public MappedPage? Page { get; init; }

    /// <summary>The table that it leads to; null if it leads to none.</summary>
    public TableNode? Below { get; init; }
}
