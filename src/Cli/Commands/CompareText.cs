using BsdVm.Lab;

namespace BsdVm.Cli;

/// <summary>A comparison for people and for spreadsheets.</summary>
internal static class CompareText
{
    public static void Write(TextWriter output, CompareResult result, bool noTime)
    {
        foreach (CompareRun run in result.Runs)
        {
            WriteRun(output, run, noTime);
        }

        CostModel cost = result.CostModel;
        output.WriteLine(
            $"cost model '{cost.Name}': {cost.EntryReferenceCycles} cycles a table reference, {cost.WalkCycles} a walk, {cost.InvalidationCycles} an invalidation");
    }

    public static void WriteCsv(TextWriter output, CompareResult result)
    {
        output.WriteLine(
            "source,structure,folded,accesses,distinctPages,l1iMisses,l1dMisses,l2Misses,tableBytesPeak,tableBytesEnd,tableFrames,"
            + "bytesPerMappedPage,ratioToHashed,ratioToRadix,walks,references,referencesPerWalk,cycles");
        foreach (CompareRun run in result.Runs)
        {
            foreach (StructureSummary table in run.Structures)
            {
                output.WriteLine(string.Join(',',
                    Quote(run.Trace.Source), table.Name, table.Folded ? "true" : "false", run.Trace.Accesses, run.Trace.DistinctPages, run.Tlb.L1iMisses,
                    run.Tlb.L1dMisses, run.Tlb.L2Misses, table.TableBytesPeak, table.TableBytesEnd, table.TableFrames,
                    table.BytesPerMappedPage.ToString("0.######"), table.RatioToHashed.ToString("0.######"), table.RatioToRadix.ToString("0.######"),
                    table.Walks, table.References, table.ReferencesPerWalk.ToString("0.######"), table.Cycles.ToString("0.######")));
            }
        }
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void WriteRun(TextWriter output, CompareRun run, bool noTime)
    {
        TraceSummary trace = run.Trace;
        output.WriteLine(trace.Source);
        output.WriteLine(
            $"  {trace.Accesses:N0} accesses: {trace.InstructionFetches:N0} fetches, {trace.Loads:N0} loads, {trace.Stores:N0} stores, {trace.Modifies:N0} modifies");
        output.WriteLine(
            $"  {trace.DistinctPages:N0} pages touched, {trace.DistinctPagesWritten:N0} written; {trace.MappedPagesAtEnd:N0} mapped at the end, stack grew by {trace.StackGrowthPages}");
        if (trace.Calls.Count > 0)
        {
            output.WriteLine("  calls: " + string.Join(", ", trace.Calls.Select(static call => $"{call.Value} {call.Key}")));
        }

        output.WriteLine($"  unmapped {trace.Unmapped}, refused for rights {trace.ProtectionFaults}, calls with another result {trace.CallMismatches}");
        output.WriteLine(
            $"  faults: {run.Faults.ZeroFill:N0} zero fill, {run.Faults.ReadZero:N0} zero page, {run.Faults.CopyOnWrite:N0} copy-on-write, {run.Faults.PageIn:N0} page-in, {run.Faults.Other:N0} other");
        output.WriteLine(
            $"  TLB {run.Tlb.Spec}: {run.Tlb.L1iMisses:N0} fetches and {run.Tlb.L1dMisses:N0} data accesses missed the first level, {run.Tlb.L2Misses:N0} the second");
        output.WriteLine();
        WriteStructures(output, run);
        output.WriteLine();
        if (!noTime)
        {
            output.WriteLine(
                $"  {run.Time.ParseSeconds + run.Time.SimulateSeconds:0.00} s, of it {run.Time.ParseSeconds:0.00} s reading; {run.Time.AccessesPerSecond / 1e6:0.0} million accesses a second");
            output.WriteLine();
        }
    }

    private static void WriteStructures(TextWriter output, CompareRun run)
    {
        var table = new Table("structure", "table bytes", "a page", "to hashed", "to radix", "walks", "references", "a walk", "rewalks", "faulting", "cycles");
        foreach (StructureSummary each in run.Structures)
        {
            table.Add(
                each.Name + (each.Folded ? " (folded)" : ""), each.TableBytesPeak.ToString(), each.BytesPerMappedPage.ToString("0.0"),
                each.RatioToHashed.ToString("0.00"), each.RatioToRadix.ToString("0.00"), each.Walks.ToString(), each.References.ToString(),
                each.ReferencesPerWalk.ToString("0.00"), each.Rewalks.ToString(), each.FaultingWalks.ToString(), each.Cycles.ToString("0"));
        }

        table.Write(output, "  ");
    }
}
