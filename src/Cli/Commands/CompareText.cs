using System.Globalization;
using BsdVm.Lab;

namespace BsdVm.Cli;

/// <summary>A comparison for people.</summary>
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
            $"cost model '{cost.Name}', in cycles: {cost.EntryReferenceCycles} a table reference, {cost.ProbeCycles} a parallel probe, {cost.WalkCycles} a walk by hardware, "
            + $"{cost.TrapCycles} a refill trap, {cost.InstructionCycles} a handler instruction, {cost.ModifyTrapCycles} a trap for the modified bit, {cost.InvalidationCycles} an invalidation");
    }

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

        if (trace.Superblocks > 0)
        {
            output.WriteLine($"  {trace.Superblocks:N0} lines of superblocks passed over");
        }

        foreach (ChildSummary child in trace.Children ?? [])
        {
            output.WriteLine($"  of it {child.Accesses:N0} accesses by the child of {child.Source}");
        }

        output.WriteLine($"  unmapped {trace.Unmapped}, refused for rights {trace.ProtectionFaults}, calls with another result {trace.CallMismatches}");
        output.WriteLine(
            $"  faults: {run.Faults.ZeroFill:N0} zero fill, {run.Faults.ReadZero:N0} zero page, {run.Faults.CopyOnWrite:N0} copy-on-write, {run.Faults.PageIn:N0} page-in, {run.Faults.Other:N0} other");
        output.WriteLine(
            $"  TLB {run.Tlb.Spec}: {run.Tlb.L1iMisses:N0} fetches and {run.Tlb.L1dMisses:N0} data accesses missed the first level, {run.Tlb.L2Misses:N0} the second");
        output.WriteLine(
            $"  walks by page size: {string.Join(", ", run.Tlb.MissesByPageSize.Select(static size => $"{size.Value:N0} of {size.Key}"))}; reach at the end {run.Tlb.ReachBytes >> 10:N0} KB");
        output.WriteLine($"  tables for {run.Frames:N0} frames");
        output.WriteLine();
        WriteSizes(output, run);
        WriteWalks(output, run);
        WriteHashes(output, run);
        WriteOperations(output, run);
        if (!noTime)
        {
            output.WriteLine(
                $"  {run.Time.ParseSeconds + run.Time.SimulateSeconds:0.00} s, of it {run.Time.ParseSeconds:0.00} s reading; {run.Time.AccessesPerSecond / 1e6:0.0} million accesses a second");
            output.WriteLine();
        }
    }

    private static void WriteSizes(TextWriter output, CompareRun run)
    {
        var table = new Table("structure", "peak bytes", "end bytes", "heads", "frames", "a page", "to hashed", "to radix", "by level, root first");
        foreach (StructureSummary each in run.Structures)
        {
            table.Add(
                NameOf(each), Text(each.TableBytesPeak), Text(each.TableBytesEnd), Text(each.HeadBytes), Text(each.TableFrames), each.BytesPerMappedPage.ToString("0.0"),
                each.RatioToHashed.ToString("0.00"), each.RatioToRadix.ToString("0.00"), string.Join(' ', each.BytesByLevel));
        }

        table.Write(output, "  ");
        output.WriteLine();
    }

    private static void WriteWalks(TextWriter output, CompareRun run)
    {
        var table = new Table("structure", "walks", "references", "a walk", "p95", "max", "steps", "probes", "64-B lines", "instr", "rewalks", "faulting", "D traps", "cycles");
        foreach (StructureSummary each in run.Structures)
        {
            table.Add(
                NameOf(each), Text(each.Walks), Text(each.References), each.ReferencesPerWalk.ToString("0.00"), Text(each.ReferencesP95), Text(each.ReferencesMax),
                Text(each.Steps), Text(each.Probes), Text(each.Lines["64"]), Text(each.HandlerInstructions), Text(each.Rewalks), Text(each.FaultingWalks),
                Text(each.ModifyTraps), each.Cycles.ToString("0"));
        }

        table.Write(output, "  ");
        foreach (StructureSummary each in run.Structures.Where(static each => each.WalkCacheHits.Count > 0))
        {
            output.WriteLine($"  {NameOf(each)}: walk-cache hits by level, lowest first: {string.Join(", ", each.WalkCacheHits)}");
        }

        output.WriteLine();
    }

    private static void WriteHashes(TextWriter output, CompareRun run)
    {
        var hashes = run.Structures.Where(static each => each.Buckets > 0).ToList();
        if (hashes.Count == 0)
        {
            return;
        }

        var table = new Table("hash table", "buckets", "entries", "load", "moved", "resizes", "buckets by chain length, from 0");
        foreach (StructureSummary each in hashes)
        {
            table.Add(
                NameOf(each), Text(each.Buckets), Text(each.Entries), each.LoadFactor.ToString("0.00"), Text(each.MovedEntries), Text(each.Resizes),
                string.Join(' ', each.ChainHistogram));
        }

        table.Write(output, "  ");
        output.WriteLine();
    }

    private static void WriteOperations(TextWriter output, CompareRun run)
    {
        var kinds = run.Structures[0].Operations.Keys.Where(kind => run.Structures.Any(each => each.Operations[kind].Count > 0)).ToList();
        output.WriteLine("  operations as count: references to tables, invalidations");
        var table = new Table([.. kinds.Prepend("structure")]);
        foreach (StructureSummary each in run.Structures)
        {
            table.Add([.. kinds.Select(kind => Text(each.Operations[kind])).Prepend(NameOf(each))]);
        }

        table.Write(output, "  ");
        output.WriteLine();
    }

    private static string NameOf(StructureSummary structure) => structure.Name + (structure.Folded ? " (folded)" : "");

    private static string Text(OperationSummary cost) => $"{Text(cost.Count)}: {Text(cost.References)}, {Text(cost.Invalidations)}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
