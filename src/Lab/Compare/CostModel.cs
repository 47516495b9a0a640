namespace BsdVm.Lab;

/// <summary>Prices in cycles. Printed with every result; counts come first, and cycles can be computed again from them with other prices.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="EntryReferenceCycles">A load or store of a table entry, mostly from a data cache.</param>
/// <param name="WalkCycles">Starting a hardware walk.</param>
/// <param name="InvalidationCycles">Dropping a page from a TLB.</param>
public sealed record CostModel(string Name, double EntryReferenceCycles, double WalkCycles, double InvalidationCycles)
{
    /// <summary>Round numbers for a present-day x86-64: an entry from the second-level cache, INVLPG as measured by several authors.</summary>
    public static CostModel Default { get; } = new("default", 14, 5, 120);
}
