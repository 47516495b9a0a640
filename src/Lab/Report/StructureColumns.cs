namespace BsdVm.Lab;

/// <summary>The figures of a table structure.</summary>
public static class StructureColumns
{
    internal const string Sizes = "sizes";
    internal const string Walks = "walks";
    internal const string Hashes = "hashes";
    internal const string Operations = "operations";

    private const string Bytes = "bytes";
    private const string References = "references";

    /// <summary>All of them, in the order of JSON.</summary>
    public static IReadOnlyList<Column<StructureSummary>> All { get; } =
        [.. Names(), .. Tables(), .. OfWalks(), .. OfHashTables(), .. Costs()];

    private static IEnumerable<Column<StructureSummary>> Names() =>
    [
        new("name", "name", "", static each => each.Name) { Csv = CsvPlace.Label, Heading = "structure" },
        new("folded", "whether 4 MB regions were moved to fit", "", static each => each.Folded) { Csv = CsvPlace.Label },
    ];

    private static IEnumerable<Column<StructureSummary>> Tables() =>
    [
        new("tableBytesPeak", "most that tables took", Bytes, static each => each.TableBytesPeak) { Text = new(Sizes, 1, "peak bytes") },
        new("tableBytesEnd", "tables at the end", Bytes, static each => each.TableBytesEnd) { Text = new(Sizes, 2, "end bytes") },
        new("headBytes", "heads of buckets at the end", Bytes, static each => each.HeadBytes) { Text = new(Sizes, 3, "heads") },
        new("tableFrames", "frames of tables at the peak", "frames", static each => each.TableFrames) { Text = new(Sizes, 4, "frames") },
        new("bytesByLevel", "tables at the end by level, the root first", Bytes, static each => new Figure.Series(each.BytesByLevel))
        {
            Csv = CsvPlace.LaterList,
            Text = new(Sizes, 8, "by level, root first"),
        },
        new("bytesPerMappedPage", "peak by pages mapped then", "bytes a page", static each => each.BytesPerMappedPage)
        {
            Text = new(Sizes, 5, "a page", "0.0"),
        },
        new("ratioToHashed", "peak by that of a hashed table", "ratio", static each => each.RatioToHashed)
        {
            Text = new(Sizes, 6, "to hashed", "0.00"),
        },
        new("ratioToRadix", "peak by that of a tree of four levels", "ratio", static each => each.RatioToRadix)
        {
            Text = new(Sizes, 7, "to radix", "0.00"),
        },
    ];

    private static IEnumerable<Column<StructureSummary>> OfWalks() =>
    [
        new("walks", "walks for TLB misses", "walks", static each => each.Walks) { Text = new(Walks, 1, "walks") },
        new("references", "loads of entries by walks", References, static each => each.References) { Text = new(Walks, 2, "references") },
        new("referencesPerWalk", "their mean", "references a walk", static each => each.ReferencesPerWalk)
        {
            Text = new(Walks, 3, "a walk", "0.00"),
        },
        new("referencesP95", "what 95 % of the walks do not exceed", References, static each => each.ReferencesP95)
        {
            Text = new(Walks, 4, "p95"),
        },
        new("referencesMax", "the longest walk", References, static each => each.ReferencesMax) { Text = new(Walks, 5, "max") },
        new("steps", "loads that wait for the one before", References, static each => each.Steps) { Text = new(Walks, 6, "steps") },
        new("probes", "loads made together with another one", References, static each => each.Probes) { Text = new(Walks, 7, "probes") },
        new("handlerInstructions", "instructions of refill handlers", "instructions", static each => each.HandlerInstructions)
        {
            Text = new(Walks, 9, "instr"),
        },
        new("lines", "distinct cache lines by their bytes, summed over walks", "lines", static each => LinesOf(each))
        {
            Text = new(Walks, 8, "64-B lines", Part: "64"),
        },
        new("histogram", "walks by number of references", "walks", static each => new Figure.Counts(each.Histogram))
        {
            Csv = CsvPlace.List,
        },
        new("walkCacheHits", "walks that began at a cached entry, by level, the lowest first", "walks", static each =>
            new Figure.Series(each.WalkCacheHits)) { Csv = CsvPlace.List },
        new("missesByPageSize", "walks by the size of the page found", "walks", static each => new Figure.Counts(each.MissesByPageSize))
        {
            Csv = CsvPlace.List,
        },
        new("rewalks", "walks with a translation at hand", "walks", static each => each.Rewalks) { Text = new(Walks, 10, "rewalks") },
        new("faultingWalks", "walks that ended in a fault", "walks", static each => each.FaultingWalks)
        {
            Text = new(Walks, 11, "faulting"),
        },
        new("modifyTraps", "stores that trapped to be recorded", "traps", static each => each.ModifyTraps)
        {
            Text = new(Walks, 12, "D traps"),
        },
    ];

    private static IEnumerable<Column<StructureSummary>> OfHashTables() =>
    [
        new("buckets", "buckets or slots", "buckets", static each => each.Buckets) { Text = new(Hashes, 1, "buckets") },
        new("entries", "entries at the end", "entries", static each => each.Entries) { Text = new(Hashes, 2, "entries") },
        new("loadFactor", "entries by buckets", "ratio", static each => each.LoadFactor) { Text = new(Hashes, 3, "load", "0.00") },
        new("chainHistogram", "buckets by length of their chain, from 0", "buckets", static each => new Figure.Series(each.ChainHistogram))
        {
            Csv = CsvPlace.LaterList,
            Text = new(Hashes, 6, "buckets by chain length, from 0"),
        },
        new("movedEntries", "entries that were moved", "entries", static each => each.MovedEntries) { Text = new(Hashes, 4, "moved") },
        new("resizes", "changes of size", "changes", static each => each.Resizes) { Text = new(Hashes, 5, "resizes") },
    ];

    private static IEnumerable<Column<StructureSummary>> Costs() =>
    [
        new("operations", "what the kernel's operations on the tables cost", "operations, references, invalidations", OperationsOf)
        {
            Csv = CsvPlace.Operation,
            Heading = "",
        },
        new("cycles", "walks and operations by the cost model", "cycles", static each => each.Cycles)
        {
            Text = new(Walks, 13, "cycles", "0"),
        },
    ];

    private static Figure.Group LinesOf(StructureSummary structure) =>
        new([.. structure.Lines.Select(static pair => (pair.Key, (Figure)pair.Value))]);

    private static Figure.Group OperationsOf(StructureSummary structure) => new([.. structure.Operations.Select(static pair =>
        (pair.Key, (Figure)JsonReport.GroupOf(OperationColumns, pair.Value)))]);

    private static readonly Column<OperationSummary>[] OperationColumns =
    [
        new("count", "how often", "operations", static cost => cost.Count),
        new("references", "loads and stores of entries", References, static cost => cost.References),
        new("invalidations", "TLB invalidations owed", "invalidations", static cost => cost.Invalidations),
    ];
}
