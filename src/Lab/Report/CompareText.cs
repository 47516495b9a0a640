namespace BsdVm.Lab;

/// <summary>A comparison for people: what the program did in sentences, what each structure cost in tables.</summary>
internal sealed class CompareText(
    TextWriter output, IReadOnlyList<Column<CompareRun>> runColumns, IReadOnlyList<Column<StructureSummary>> columns)
{
    private const string Indent = "  ";

    private static readonly (string Sentence, Func<CompareRun, bool> IsTold)[] Program =
    [
        ("{trace.source}", Always),
        ("  {trace.accesses:N0} accesses: {trace.instructionFetches:N0} fetches, {trace.loads:N0} loads, {trace.stores:N0} stores, "
            + "{trace.modifies:N0} modifies", Always),
        ("  {trace.distinctPages:N0} pages touched, {trace.distinctPagesWritten:N0} written; "
            + "{trace.mappedPagesAtEnd:N0} mapped at the end, stack grew by {trace.stackGrowthPages}", Always),
        ("  calls: {trace.calls}", static run => run.Trace.Calls.Count > 0),
        ("  {trace.superblocks:N0} lines of superblocks passed over", static run => run.Trace.Superblocks > 0),
    ];

    private static readonly string[] Outcome =
    [
        "  unmapped {trace.unmapped}, refused for rights {trace.protectionFaults}, calls with another result {trace.callMismatches}",
        "  faults: {faults.zeroFill:N0} zero fill, {faults.readZero:N0} zero page, {faults.copyOnWrite:N0} copy-on-write, "
            + "{faults.pageIn:N0} page-in, {faults.other:N0} other",
        "  TLB {tlb.spec}: {tlb.l1iMisses:N0} fetches and {tlb.l1dMisses:N0} data accesses missed the first level, "
            + "{tlb.l2Misses:N0} the second",
        "  walks by page size: {tlb.missesByPageSize:N0 of }; reach at the end {tlb.reachBytes:KB}",
        "  tables for {frames:N0} frames",
    ];

    /// <summary>Writes a run.</summary>
    public void Write(CompareRun run, bool hasTime)
    {
        foreach ((string sentence, Func<CompareRun, bool> isTold) in Program)
        {
            if (isTold(run))
            {
                Say(sentence, run);
            }
        }

        WriteChildren(run);
        foreach (string sentence in Outcome)
        {
            Say(sentence, run);
        }

        output.WriteLine();
        WriteTable(StructureColumns.Sizes, "structure", run.Structures);
        WriteWalks(run);
        if (run.Structures.Where(static each => each.Buckets > 0).ToList() is { Count: > 0 } hashes)
        {
            WriteTable(StructureColumns.Hashes, "hash table", hashes);
        }

        WriteOperations(run);
        if (hasTime)
        {
            Say(
                "  {time.seconds:0.00} s, of it {time.parseSeconds:0.00} s reading; "
                + "{time.accessesPerSecond:0,,.0} million accesses a second", run);
            output.WriteLine();
        }
    }

    private static bool Always(CompareRun run) => true;

    private static string NameOf(StructureSummary structure) => structure.Name + (structure.Folded ? " (folded)" : "");

    private void Say(string sentence, CompareRun run) => output.WriteLine(TextReport.Sentence(sentence, runColumns, run));

    private void WriteChildren(CompareRun run)
    {
        if (runColumns.Single(static column => column.Id == "children").Value(run) is Figure.Rows children)
        {
            foreach (Figure.Group child in children.Values)
            {
                output.WriteLine(TextReport.Sentence("  of it {accesses:N0} accesses by the child of {source}", child));
            }
        }
    }

    private void WriteTable(string table, string head, IEnumerable<StructureSummary> structures)
    {
        TextReport.Table(table, head, NameOf, columns, structures).Write(output, Indent);
        output.WriteLine();
    }

    private void WriteWalks(CompareRun run)
    {
        TextReport.Table(StructureColumns.Walks, "structure", NameOf, columns, run.Structures).Write(output, Indent);
        foreach (StructureSummary each in run.Structures.Where(static each => each.WalkCacheHits.Count > 0))
        {
            output.WriteLine($"  {NameOf(each)}: walk-cache hits by level, lowest first: {string.Join(", ", each.WalkCacheHits)}");
        }

        output.WriteLine();
    }

    // A column for each kind of operation that any structure had.
    private void WriteOperations(CompareRun run)
    {
        Column<StructureSummary> operations = columns.Single(static column => column.Csv == CsvPlace.Operation);
        Figure.Group[] costs = [.. run.Structures.Select(each => (Figure.Group)operations.Value(each)!)];
        string[] kinds =
            [.. costs[0].Parts.Select(static part => part.Name).Where(kind => costs.Any(cost => Happened((Figure.Group)cost[kind]!)))];
        var table = new TextTable(["structure", .. kinds]);
        foreach ((StructureSummary structure, Figure.Group cost) in run.Structures.Zip(costs))
        {
            table.Add([NameOf(structure), .. kinds.Select(kind =>
                TextReport.Sentence("{count}: {references}, {invalidations}", (Figure.Group)cost[kind]!))]);
        }

        output.WriteLine("  operations as count: references to tables, invalidations");
        table.Write(output, Indent);
        output.WriteLine();
    }

    private static bool Happened(Figure.Group operation) => operation["count"] is Figure.Count { Value: > 0 };
}
