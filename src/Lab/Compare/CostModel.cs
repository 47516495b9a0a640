namespace BsdVm.Lab;

/// <summary>Prices in cycles. Printed with every result; counts come first, and cycles can be computed again from them with other prices.</summary>
public sealed record CostModel
{
    /// <summary>Round numbers for a present-day processor: entries mostly from the second-level cache, a trap as measured by several authors.</summary>
    public static CostModel Default { get; } = new();

    /// <summary>What it is called.</summary>
    public string Name { get; init; } = "default";

    /// <summary>A load of a table entry that waits for the one before, mostly from a data cache; and each reference of an operation.</summary>
    public double EntryReferenceCycles { get; init; } = 14;

    /// <summary>A further load made at once with another one.</summary>
    public double ProbeCycles { get; init; } = 1;

    /// <summary>Starting a hardware walk.</summary>
    public double WalkCycles { get; init; } = 5;

    /// <summary>Entering and leaving a refill handler.</summary>
    public double TrapCycles { get; init; } = 20;

    /// <summary>An instruction of a refill handler.</summary>
    public double InstructionCycles { get; init; } = 1;

    /// <summary>A trap to the kernel that only records a store.</summary>
    public double ModifyTrapCycles { get; init; } = 300;

    /// <summary>Dropping a page from a TLB.</summary>
    public double InvalidationCycles { get; init; } = 120;

    internal double CyclesOf(WalkStatistics walks, long modifyTraps, IEnumerable<OperationSummary> operations)
    {
        double start = walks.Instructions > 0 ? TrapCycles : WalkCycles;
        double kernel = operations.Sum(operation => (operation.References * EntryReferenceCycles) + (operation.Invalidations * InvalidationCycles));
        return (walks.Walks * start) + (walks.Steps * EntryReferenceCycles) + ((walks.References - walks.Steps) * ProbeCycles)
            + (walks.Instructions * InstructionCycles) + (modifyTraps * ModifyTrapCycles) + kernel;
    }
}
