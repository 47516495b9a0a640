using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace BsdVm.Views;

/// <summary>Page tables.</summary>
public static class TableView
{
    /// <summary>Writes the tables with their entries in use.</summary>
    public static void WriteText(TextWriter output, ImmutableArray<TranslationTable> tables)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (tables.IsEmpty)
        {
            output.WriteLine("this machine has no tables in memory");
            return;
        }

        foreach (TranslationTable table in tables)
        {
            output.WriteLine($"{table.Name} at {table.Base}, for {table.Covers.Start}-{table.Covers.Last}: {table.Entries.Length} entries in use");
            foreach (TranslationTableEntry entry in table.Entries)
            {
                output.WriteLine($"  [{entry.Index,4}] {entry.First,-14} 0x{Words.Hex(entry.Entry, table.EntryBytes)}  {entry.Meaning}");
            }
        }
    }

    /// <summary>An array with an object a table.</summary>
    public static JsonArray ToJson(ImmutableArray<TranslationTable> tables) => new([.. tables.Select(static table => new JsonObject
    {
        ["name"] = table.Name,
        ["base"] = table.Base.ToString(),
        ["first"] = table.Covers.Start.ToString(),
        ["last"] = table.Covers.Last.ToString(),
        ["entries"] = new JsonArray([.. table.Entries.Select(static entry => new JsonObject
        {
            ["index"] = entry.Index,
            ["va"] = entry.First.ToString(),
            ["entry"] = $"0x{entry.Entry:x}",
            ["meaning"] = entry.Meaning,
        })]),
    })]);
}
