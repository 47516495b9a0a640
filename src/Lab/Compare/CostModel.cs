namespace BsdVm.Lab;

/// <summary>
/// Prices in cycles. Printed with every result; counts come first, and cycles can be computed again from them with other prices.
/// </summary>
public sealed record CostModel
{
    /// <summary>
    /// Round numbers for a present-day processor: entries mostly from the second-level cache, a trap as measured by several authors.
    /// </summary>
    public static CostModel Default { get; } = new();

    /// <summary>Every price: how it is called in a file of prices and in results, and how it is read and set.</summary>
    public static IReadOnlyList<Price> Prices { get; } =
    [
        new("entryReferenceCycles", "a table reference", static model => model.EntryReferenceCycles,
            static (model, price) => model with { EntryReferenceCycles = price }),
        new("probeCycles", "a parallel probe", static model => model.ProbeCycles,
            static (model, price) => model with { ProbeCycles = price }),
        new("walkCycles", "a walk by hardware", static model => model.WalkCycles,
            static (model, price) => model with { WalkCycles = price }),
        new("trapCycles", "a refill trap", static model => model.TrapCycles, static (model, price) => model with { TrapCycles = price }),
        new("instructionCycles", "a handler instruction", static model => model.InstructionCycles,
            static (model, price) => model with { InstructionCycles = price }),
        new("modifyTrapCycles", "a trap for the modified bit", static model => model.ModifyTrapCycles,
            static (model, price) => model with { ModifyTrapCycles = price }),
        new("invalidationCycles", "an invalidation", static model => model.InvalidationCycles,
            static (model, price) => model with { InvalidationCycles = price }),
    ];

    /// <summary>What it is called.</summary>
    public string Name { get; init; } = "default";

    /// <summary>
    /// A load of a table entry that waits for the one before, mostly from a data cache; and each reference of an operation.
    /// </summary>
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

    internal static IReadOnlyList<Column<CostModel>> Columns { get; } =
    [
        new("name", "the model's name", "", static model => model.Name),
        .. Prices.Select(static price => new Column<CostModel>(price.Id, price.Title, "cycles", model => price.Of(model))),
    ];

    /// <summary>All prices in one sentence.</summary>
    internal static string Sentence { get; } =
        "cost model '{name}', in cycles: " + string.Join(", ", Prices.Select(static price => $"{{{price.Id}}} {price.Title}"));

    internal double CyclesOf(WalkStatistics walks, long modifyTraps, IEnumerable<OperationSummary> operations)
    {
        double start = walks.Instructions > 0 ? TrapCycles : WalkCycles;
        double kernel =
            operations.Sum(operation => (operation.References * EntryReferenceCycles) + (operation.Invalidations * InvalidationCycles));
        return (walks.Walks * start) + (walks.Steps * EntryReferenceCycles) + ((walks.References - walks.Steps) * ProbeCycles)
            + (walks.Instructions * InstructionCycles) + (modifyTraps * ModifyTrapCycles) + kernel;
    }
}

/// <summary>A price of a cost model.</summary>
/// <param name="Id">Its key in JSON.</param>
/// <param name="Title">What costs that.</param>
/// <param name="Of">Reads it, in cycles.</param>
/// <param name="With">A model with another one.</param>
public sealed record Price(string Id, string Title, Func<CostModel, double> Of, Func<CostModel, double, CostModel> With);
