using BsdVm.Lab;

namespace BsdVm.Cli;

/// <summary>A comparison for spreadsheets: a line a structure and trace.</summary>
internal static class CompareCsv
{
    private static readonly (string Name, Func<CompareRun, StructureSummary, object> Value)[] Columns =
    [
        ("source", static (run, _) => Quote(run.Trace.Source)),
        ("structure", static (_, each) => each.Name),
        ("folded", static (_, each) => each.Folded ? "true" : "false"),
        ("accesses", static (run, _) => run.Trace.Accesses),
        ("distinctPages", static (run, _) => run.Trace.DistinctPages),
        ("frames", static (run, _) => run.Frames),
        ("l1iMisses", static (run, _) => run.Tlb.L1iMisses),
        ("l1dMisses", static (run, _) => run.Tlb.L1dMisses),
        ("l2Misses", static (run, _) => run.Tlb.L2Misses),
        ("tableBytesPeak", static (_, each) => each.TableBytesPeak),
        ("tableBytesEnd", static (_, each) => each.TableBytesEnd),
        ("headBytes", static (_, each) => each.HeadBytes),
        ("tableFrames", static (_, each) => each.TableFrames),
        ("bytesPerMappedPage", static (_, each) => each.BytesPerMappedPage),
        ("ratioToHashed", static (_, each) => each.RatioToHashed),
        ("ratioToRadix", static (_, each) => each.RatioToRadix),
        ("walks", static (_, each) => each.Walks),
        ("references", static (_, each) => each.References),
        ("referencesPerWalk", static (_, each) => each.ReferencesPerWalk),
        ("referencesP95", static (_, each) => each.ReferencesP95),
        ("referencesMax", static (_, each) => each.ReferencesMax),
        ("steps", static (_, each) => each.Steps),
        ("probes", static (_, each) => each.Probes),
        ("handlerInstructions", static (_, each) => each.HandlerInstructions),
        ("lines32", static (_, each) => each.Lines["32"]),
        ("lines64", static (_, each) => each.Lines["64"]),
        ("lines128", static (_, each) => each.Lines["128"]),
        ("lines256", static (_, each) => each.Lines["256"]),
        ("rewalks", static (_, each) => each.Rewalks),
        ("faultingWalks", static (_, each) => each.FaultingWalks),
        ("modifyTraps", static (_, each) => each.ModifyTraps),
        ("buckets", static (_, each) => each.Buckets),
        ("entries", static (_, each) => each.Entries),
        ("loadFactor", static (_, each) => each.LoadFactor),
        ("movedEntries", static (_, each) => each.MovedEntries),
        ("resizes", static (_, each) => each.Resizes),
        ("cycles", static (_, each) => each.Cycles),
    ];

    // Lists as text: numbers in order, or names with numbers, separated by spaces. They stand behind all the others.
    private static readonly (string Name, Func<StructureSummary, string> Value)[] Lists =
    [
        ("histogram", static each => Pairs(each.Histogram)),
        ("walkCacheHits", static each => string.Join(' ', each.WalkCacheHits)),
        ("missesByPageSize", static each => Pairs(each.MissesByPageSize)),
        ("bytesByLevel", static each => string.Join(' ', each.BytesByLevel)),
        ("chainHistogram", static each => string.Join(' ', each.ChainHistogram)),
    ];

    public static void Write(TextWriter output, CompareResult result)
    {
        string[] operations = [.. result.Runs.SelectMany(static run => run.Structures).SelectMany(static each => each.Operations.Keys).Distinct()];
        output.WriteLine(string.Join(',', Columns.Select(static column => column.Name).Concat(operations.SelectMany(HeadingsOf)).Concat(Lists.Select(static list => list.Name))));
        foreach (CompareRun run in result.Runs)
        {
            foreach (StructureSummary each in run.Structures)
            {
                IEnumerable<string> figures = Columns.Select(column => Text(column.Value(run, each)));
                IEnumerable<string> costs = operations.SelectMany(name => ValuesOf(each.Operations[name]));
                output.WriteLine(string.Join(',', figures.Concat(costs).Concat(Lists.Select(list => list.Value(each)))));
            }
        }
    }

    private static IEnumerable<string> HeadingsOf(string operation) => [operation + "Count", operation + "References", operation + "Invalidations"];

    private static IEnumerable<string> ValuesOf(OperationSummary cost) => [Text(cost.Count), Text(cost.References), Text(cost.Invalidations)];

    private static string Pairs(IReadOnlyDictionary<string, long> counts) => string.Join(' ', counts.Select(static each => $"{each.Key}:{each.Value}"));

    private static string Text(object value) => value is double number ? number.ToString("0.######") : value.ToString()!;

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
