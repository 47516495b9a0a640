using System.Collections.Immutable;

namespace BsdVm.Walks;

/// <summary>One read of a walk, for its narration.</summary>
/// <param name="At">Where the first word of an entry was read.</param>
/// <param name="Word">The word.</param>
/// <param name="IsRegister">Whether the walker keeps the word in a register, so that it is no reference.</param>
/// <param name="Beside">Other words of the same entry that were read, with their places.</param>
/// <param name="Found">The <see cref="Structures.TablePte"/> that the walk ended with, if it is of this entry.</param>
public sealed record WalkReference(
    PhysicalAddress At, ulong Word, bool IsRegister, ImmutableArray<(PhysicalAddress At, ulong Word)> Beside, ulong? Found)
{
    /// <summary>The word at a distance in bytes from the first one; 0 if the walk did not read it.</summary>
    public ulong WordAt(ulong offset) => Beside.FirstOrDefault(word => word.At == At + offset).Word;
}
