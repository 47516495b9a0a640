namespace BsdVm.Lab;

/// <summary>What the replayed program is doing: the calls that a fork or an exit makes count as that, not on their own.</summary>
internal enum ReplayPhase : byte
{
    Running,
    Fork,
    Exit,
}

/// <summary>What the kernel's operations on one table structure cost: references to entries and TLB invalidations, by kind.</summary>
internal sealed class OperationCosts
{
    private static readonly string[] Names = ["enter", "remove", "protect", "protectRange", "queryEmpty", "fork", "exit"];

    private readonly (long Count, long References, long Invalidations)[] _costs = new (long, long, long)[Names.Length];

    private enum Kind
    {
        Enter,
        Remove,
        Protect,
        ProtectRange,
        QueryEmpty,
        Fork,
        Exit,
    }

    public void NoteCall(in PmapCall call, ReplayPhase phase, long references, long invalidations)
    {
        Kind kind = phase switch
        {
            ReplayPhase.Fork => Kind.Fork,
            ReplayPhase.Exit => Kind.Exit,
            _ => KindOf(call),
        };
        Add(kind, phase == ReplayPhase.Running ? 1 : 0, references, invalidations);
    }

    public void NotePhase(ReplayPhase phase) => Add(phase == ReplayPhase.Fork ? Kind.Fork : Kind.Exit, 1, 0, 0);

    public void NoteQuery(long references) => Add(Kind.QueryEmpty, 1, references, 0);

    public Dictionary<string, OperationSummary> Summarize() => Names
        .Select((name, kind) => (name, cost: _costs[kind]))
        .ToDictionary(static row => row.name, static row =>
            new OperationSummary(row.cost.Count, row.cost.References, row.cost.Invalidations));

    private static Kind KindOf(in PmapCall call) => call.Kind switch
    {
        PmapCallKind.Enter => Kind.Enter,
        PmapCallKind.Protect => call.Range.PageCount > 1 ? Kind.ProtectRange : Kind.Protect,
        _ => Kind.Remove,
    };

    private void Add(Kind kind, long count, long references, long invalidations)
    {
        ref (long Count, long References, long Invalidations) cost = ref _costs[(int)kind];
        cost.Count += count;
        cost.References += references;
        cost.Invalidations += invalidations;
    }
}
