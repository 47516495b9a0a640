using System.Collections.Immutable;

namespace BsdVm;

/// <summary>One load of a table entry during a walk.</summary>
/// <param name="Level">The entry's name in the machine's manual: PDE, PTE, PML4E.</param>
/// <param name="Table">Where the table starts.</param>
/// <param name="Index">Which entry of the table the address picks.</param>
/// <param name="EntryAddress">Where that entry lies.</param>
/// <param name="Entry">The entry as it stands in memory.</param>
/// <param name="EntryBytes">Its size: 4 or 8.</param>
/// <param name="Meaning">Its bits in words, the manual's names.</param>
public readonly record struct WalkStep(
    string Level, PhysicalAddress Table, int Index, PhysicalAddress EntryAddress, ulong Entry, int EntryBytes, string Meaning);

/// <summary>A walk for one access, step by step. Nothing was changed or counted by it.</summary>
/// <param name="Address">The address that was translated.</param>
/// <param name="Split">How the address falls into indexes and offset, in words.</param>
/// <param name="Steps">The loads in order. Together with the access itself they are the memory references of a load without a TLB.</param>
/// <param name="Succeeds">Whether the access would go through.</param>
/// <param name="Physical">Where it would go, if it would.</param>
/// <param name="Conclusion">One line: the physical address and the rights, or the fault.</param>
public sealed record WalkExplanation(
    VirtualAddress Address, string Split, ImmutableArray<WalkStep> Steps, bool Succeeds, PhysicalAddress Physical, string Conclusion);
