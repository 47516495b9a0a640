namespace BsdVm.Walks;

/// <summary>
/// How one table structure is searched: static code over a port, so that a refill handler and a hardware walker are the same code and are
/// compiled for each structure and each port.
/// </summary>
public interface ITableWalk
{
    /// <summary>Whether the entries of an even page and of the odd one behind it stand side by side.</summary>
    static abstract bool HoldsPairs { get; }

    /// <summary>Whether two references of one walk may fall into one cache line of 256 bytes or less; if not, nobody looks.</summary>
    static abstract bool SharesLines { get; }

    /// <summary>Looks for the entry of a page.</summary>
    /// <param name="port">The memory.</param>
    /// <param name="registers">Where the table is.</param>
    /// <param name="address">An address in the page, below the limit of user addresses.</param>
    /// <param name="entry">The entry as a <see cref="Structures.TablePte"/>, which may say that nothing is mapped.</param>
    /// <param name="at">Where the entry, or what it is made of, stands; 0 if there is no place for the page.</param>
    /// <returns>Whether there is a place for the page.</returns>
    static abstract bool TryWalk<TPort>(
        ref TPort port, in TableRegisters registers, VirtualAddress address, out ulong entry, out PhysicalAddress at)
        where TPort : struct, IWalkPort;

    /// <summary>Records a use in an entry as a hardware walker does, in what the entry is now.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="at">Where <see cref="TryWalk"/> found it.</param>
    /// <param name="isStore">Whether the use is a store.</param>
    static abstract void Mark(PhysicalMemory memory, PhysicalAddress at, bool isStore);
}
