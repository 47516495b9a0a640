namespace BsdVm.Judge;

/// <summary>
/// Where QEMU (seen in 7.2) does something else than the manual says, and how our answer is put in its terms. Everything that is not
/// listed in a derived class must agree to the bit.
/// </summary>
internal abstract class KnownDifferences
{
    /// <summary>What of a TLB that software fills could translate an address; nothing where tables do.</summary>
    public virtual string Entries(ulong address) => "";

    /// <summary>A fault of ours as QEMU reports it.</summary>
    public abstract string Describe(in MachineFault fault);

    /// <summary>Whether two different words of the tables are known to be so.</summary>
    /// <param name="offset">The word's distance from the start of the root table.</param>
    /// <param name="ours">Our word.</param>
    /// <param name="theirs">QEMU's.</param>
    /// <param name="afterFaults">Only refused accesses were made since they were alike.</param>
    public virtual bool Excuses(ulong offset, ulong ours, ulong theirs, bool afterFaults) => false;
}
