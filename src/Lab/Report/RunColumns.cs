namespace BsdVm.Lab;

/// <summary>The figures of a trace's run.</summary>
public static class RunColumns
{
    internal const string Time = "time";
    private const string Accesses = "accesses";
    private const string Pages = "pages";
    private const string Seconds = "seconds";
    private const string Faults = "faults";

    private static readonly Column<ChildSummary>[] ChildColumns =
    [
        new("source", "the child's log", "", static child => child.Source),
        new("sha256", "the SHA-256 of its bytes", "", static child => child.Sha256),
        new("accesses", "accesses of the child", Accesses, static child => child.Accesses),
    ];

    /// <summary>All of them, in the order of JSON.</summary>
    /// <param name="structures">The figures of each structure.</param>
    public static IReadOnlyList<Column<CompareRun>> With(IReadOnlyList<Column<StructureSummary>> structures) =>
    [
        .. In("trace", static run => run.Trace, OfTrace()),
        .. In("tlb", static run => run.Tlb, OfTlb()),
        .. In("faults", static run => run.Faults, OfFaults()),
        new("frames", "frames that tables are sized for", "frames", static run => run.Frames) { Csv = CsvPlace.Extent },
        new("structures", "each table structure", "", run =>
            new Figure.Rows([.. run.Structures.Select(each => JsonReport.GroupOf(structures, each))])) { Csv = CsvPlace.None },
        .. In(Time, static run => run.Time, OfTime()),
    ];

    private static IEnumerable<Column<CompareRun>> In<TPart>(
        string section, Func<CompareRun, TPart> part, IEnumerable<Column<TPart>> columns) =>
        columns.Select(column => column.Of(part) with { Section = section });

    private static IEnumerable<Column<TraceSummary>> OfTrace() =>
    [
        new("source", "the trace", "", static trace => trace.Source) { Csv = CsvPlace.Label },
        new("sha256", "the SHA-256 of its bytes", "", static trace => trace.Sha256) { Csv = CsvPlace.None },
        new("accesses", "accesses", Accesses, static trace => trace.Accesses) { Csv = CsvPlace.Extent },
        new("instructionFetches", "fetches", Accesses, static trace => trace.InstructionFetches) { Csv = CsvPlace.None },
        new("loads", "loads", Accesses, static trace => trace.Loads) { Csv = CsvPlace.None },
        new("stores", "stores", Accesses, static trace => trace.Stores) { Csv = CsvPlace.None },
        new("modifies", "loads and stores of one place by one instruction", Accesses, static trace => trace.Modifies)
        {
            Csv = CsvPlace.None,
        },
        new("pageTouches", "pages of accesses, each access's counted", Pages, static trace => trace.PageTouches) { Csv = CsvPlace.None },
        new("distinctPages", "pages touched", Pages, static trace => trace.DistinctPages) { Csv = CsvPlace.Extent },
        new("distinctPagesWritten", "pages written", Pages, static trace => trace.DistinctPagesWritten) { Csv = CsvPlace.None },
        new("unmapped", "accesses where nothing is mapped", Accesses, static trace => trace.Unmapped) { Csv = CsvPlace.None },
        new("protectionFaults", "accesses that rights forbid", Accesses, static trace => trace.ProtectionFaults) { Csv = CsvPlace.None },
        new("stackGrowthPages", "pages that stacks grew by", Pages, static trace => trace.StackGrowthPages) { Csv = CsvPlace.None },
        new("mappedPagesAtEnd", "mapped pages at the end", Pages, static trace => trace.MappedPagesAtEnd) { Csv = CsvPlace.None },
        new("calls", "system calls by name", "calls", static trace => new Figure.Counts(trace.Calls)) { Csv = CsvPlace.None },
        new("callMismatches", "calls with another result than recorded", "calls", static trace => trace.CallMismatches)
        {
            Csv = CsvPlace.None,
        },
        new("superblocks", "lines of superblocks passed over", "lines", static trace => trace.Superblocks > 0 ? trace.Superblocks : null)
        {
            Csv = CsvPlace.None,
        },
        new("children", "logs of forked children", "", static trace => trace.Children is { } children
            ? new Figure.Rows([.. children.Select(static child => JsonReport.GroupOf(ChildColumns, child))])
            : null) { Csv = CsvPlace.None },
    ];

    private static IEnumerable<Column<TlbSummary>> OfTlb() =>
    [
        new("spec", "the TLBs' geometry", "", static tlb => tlb.Spec) { Csv = CsvPlace.None },
        new("l1iMisses", "fetches that missed the first level", "misses", static tlb => tlb.L1iMisses),
        new("l1dMisses", "loads and stores that missed the first level", "misses", static tlb => tlb.L1dMisses),
        new("l2Misses", "those that missed the second level too", "misses", static tlb => tlb.L2Misses),
        new("walks", "walks for misses", "walks", static tlb => tlb.Walks) { Csv = CsvPlace.None },
        new("missesByPageSize", "walks by the size of the machine's page", "walks", static tlb => new Figure.Counts(tlb.MissesByPageSize))
        {
            Csv = CsvPlace.None,
        },
        new("reachBytes", "what the last level covers at the end", "bytes", static tlb => tlb.ReachBytes) { Csv = CsvPlace.None },
    ];

    private static IEnumerable<Column<FaultSummary>> OfFaults() =>
    [
        new("zeroFill", "ended in a fresh page of zeros", Faults, static faults => faults.ZeroFill) { Csv = CsvPlace.None },
        new("readZero", "ended with the shared page of zeros", Faults, static faults => faults.ReadZero) { Csv = CsvPlace.None },
        new("copyOnWrite", "ended with a copy", Faults, static faults => faults.CopyOnWrite) { Csv = CsvPlace.None },
        new("pageIn", "ended with a page from a file", Faults, static faults => faults.PageIn) { Csv = CsvPlace.None },
        new("other", "ended with a resident page mapped again, or refused", Faults, static faults => faults.Other) { Csv = CsvPlace.None },
    ];

    private static IEnumerable<Column<TimeSummary>> OfTime() =>
    [
        new("parseSeconds", "waiting for the trace", Seconds, static time => time.ParseSeconds) { Csv = CsvPlace.None },
        new("simulateSeconds", "all the rest", Seconds, static time => time.SimulateSeconds) { Csv = CsvPlace.None },
        new("accessesPerSecond", "accesses by both together", "accesses a second", static time => time.AccessesPerSecond)
        {
            Csv = CsvPlace.None,
        },
        new("seconds", "both together", Seconds, static time => time.ParseSeconds + time.SimulateSeconds)
        {
            Csv = CsvPlace.None,
            IsInJson = false,
        },
    ];
}
