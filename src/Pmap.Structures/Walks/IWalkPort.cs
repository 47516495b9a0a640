namespace BsdVm.Walks;

/// <summary>
/// The memory as code that looks for a table entry sees it: a refill handler on the machine, or the state machine of a walker. The same
/// static code runs over a port that counts, one that asks without a trace, and one that goes through the TLB of a processor.
/// References are loads of table entries, an entry being one load whatever its size; steps are those that had to wait for the one before.
/// </summary>
public interface IWalkPort
{
    /// <summary>The first word of an entry: one reference, in a step of its own.</summary>
    ulong Read64(PhysicalAddress address);

    /// <summary>The first word of an entry that is asked for together with the one before: a reference without a step.</summary>
    ulong ReadAside64(PhysicalAddress address);

    /// <summary>Another word of an entry whose first word was read: no reference, but perhaps one more cache line.</summary>
    /// <param name="address">The word.</param>
    /// <param name="entry">The first word of the entry.</param>
    ulong ReadBeside64(PhysicalAddress address, PhysicalAddress entry);

    /// <summary>A word of the tables that the walker keeps in a register: no reference.</summary>
    ulong ReadRegister64(PhysicalAddress address);

    /// <summary>
    /// Translates an address of a table that lies in virtual space. False if no TLB has it: the handler then takes a nested miss, finds
    /// the table itself and calls <see cref="LoadTable"/>.
    /// </summary>
    /// <param name="address">The virtual address of a table entry, in the space of tables.</param>
    /// <param name="physical">Where it is.</param>
    bool TryTranslateTable(ulong address, out PhysicalAddress physical);

    /// <summary>The nested miss found the pair of pages that holds a table address: the TLB keeps both. 0 for a page that is not there.</summary>
    void LoadTable(ulong address, PhysicalAddress even, PhysicalAddress odd);

    /// <summary>The handler runs instructions. A hardware walker has none.</summary>
    void Execute(int instructions);
}
