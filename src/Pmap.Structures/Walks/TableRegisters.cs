namespace BsdVm.Walks;

/// <summary>What a walker is told about a table. Which of them mean something depends on the structure.</summary>
/// <param name="Root">The first byte of the root table, of the bucket heads, of the array, or of words that say more.</param>
/// <param name="Space">The number of the address space in tags of a table that all spaces share.</param>
/// <param name="Size">What says how large the table is: a shift, a count.</param>
/// <param name="Factor">Subblock factor, or bits of an index.</param>
/// <param name="Second">The first byte of a second part: frame entries.</param>
public readonly record struct TableRegisters(ulong Root, ulong Space = 0, int Size = 0, int Factor = 0, ulong Second = 0);
