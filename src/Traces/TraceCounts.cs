namespace BsdVm.Traces;

/// <summary>Exact totals of a trace.</summary>
/// <param name="InstructionFetches">Instruction fetches.</param>
/// <param name="Loads">Data loads.</param>
/// <param name="Stores">Data stores.</param>
/// <param name="Modifies">Accesses that load and store the same bytes.</param>
/// <param name="StraddlingAccesses">Accesses whose bytes lie in two base pages.</param>
/// <param name="Calls">System calls.</param>
public readonly record struct TraceCounts(
    long InstructionFetches, long Loads, long Stores, long Modifies, long StraddlingAccesses, long Calls)
{
    /// <summary>Accesses of every kind.</summary>
    public long Accesses => InstructionFetches + Loads + Stores + Modifies;

    /// <summary>Accesses, with those counted twice that straddle a page.</summary>
    public long PageTouches => Accesses + StraddlingAccesses;
}
