using BsdVm.Posix;

namespace BsdVm.Cli;

/// <summary>Page tables and walks as text.</summary>
internal static class TablePictures
{
    public static void WriteTables(TextWriter output, Mmu? view)
    {
        if (view is null || view.Tables().IsEmpty)
        {
            output.WriteLine("this machine has no tables in memory");
            return;
        }

        foreach (TranslationTable table in view.Tables())
        {
            output.WriteLine($"{table.Name} at {table.Base}, for {table.Covers.Start}-{table.Covers.Last}: {table.Entries.Length} entries in use");
            int digits = table.EntryBytes * 2;
            foreach (TranslationTableEntry entry in table.Entries)
            {
                output.WriteLine($"  [{entry.Index,4}] {entry.First,-14} 0x{entry.Entry.ToString("x").PadLeft(digits, '0')}  {entry.Meaning}");
            }
        }
    }

    public static void WriteWalk(TextWriter output, Mmu? view, Process process, VirtualAddress address)
    {
        if (view is null || process.Space.Pmap.TableUse.Bytes == 0)
        {
            output.WriteLine(process.Space.Pmap.TryExtract(address, out PmapMapping mapping)
                ? $"{address}: frame {mapping.Frame}, {mapping.Rights.ToText()} (no tables in memory: nothing to walk)"
                : $"{address}: not mapped (no tables in memory: nothing to walk)");
            return;
        }

        WriteWalk(output, view.Explain(address, AccessKind.Read, PrivilegeMode.User));
    }

    public static void WriteWalk(TextWriter output, WalkExplanation walk)
    {
        output.WriteLine($"walk for {walk.Address}: {walk.Split}");
        int number = 0;
        foreach (WalkStep step in walk.Steps)
        {
            output.WriteLine($"  {++number}. {step.Level} {step.Index} of the table at {step.Table}: load {step.EntryAddress} = 0x{step.Entry.ToString("x").PadLeft(step.EntryBytes * 2, '0')}");
            output.WriteLine($"     {step.Meaning}");
        }

        output.WriteLine($"  {walk.Conclusion}");
        if (walk.Succeeds && number > 0)
        {
            output.WriteLine($"  {number + 1} memory references for one load without a TLB: {number} table entries and the word itself");
        }
    }
}
