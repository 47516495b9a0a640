namespace BsdVm;

/// <summary>
/// How one table structure is searched: static code over a port, so that a refill handler and a hardware walker are the same code and are
/// compiled for each structure and each port.
/// </summary>
public interface IRefillTable
{
    /// <summary>Whether the entries of an even page and of the odd one behind it stand side by side.</summary>
    static abstract bool HoldsPairs { get; }

    /// <summary>Whether two references of one walk may fall into one cache line of 256 bytes or less; if not, nobody looks.</summary>
    static abstract bool SharesLines { get; }

    /// <summary>Looks for the entry of a page.</summary>
    /// <param name="port">The memory.</param>
    /// <param name="registers">Where the table is.</param>
    /// <param name="address">An address in the page, below the limit of the segment.</param>
    /// <param name="entry">The entry as a word of the machine's own format, which may say that nothing is mapped.</param>
    /// <param name="at">Where the entry, or what it is made of, stands; 0 if there is no place for the page.</param>
    /// <returns>Whether there is a place for the page.</returns>
    static abstract bool TryWalk<TPort>(ref TPort port, in TableRegisters registers, ulong address, out ulong entry, out ulong at)
        where TPort : struct, IRefillPort;

    /// <summary>Records a use in an entry as a hardware walker does, in what the entry is now.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="at">Where <see cref="TryWalk"/> found it.</param>
    /// <param name="isStore">Whether the use is a store.</param>
    static abstract void Mark(PhysicalMemory memory, ulong at, bool isStore);
}

/// <summary>What a walker is told about a table. Which of them mean something depends on the structure.</summary>
/// <param name="Root">The first byte of the root table, of the bucket heads, or of the first way.</param>
/// <param name="Space">The number of the address space in tags of a table that all spaces share.</param>
/// <param name="Size">What says how large the table is: a shift, a count.</param>
/// <param name="Factor">Subblock factor, or bits of an index.</param>
/// <param name="Second">The first byte of a second part: frame entries, or the registers of a table that changes its size.</param>
public readonly record struct TableRegisters(ulong Root, ulong Space = 0, int Size = 0, int Factor = 0, ulong Second = 0);
