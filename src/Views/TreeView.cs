using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>A tree of page tables, outermost first, each followed by those below it.</summary>
internal static class TreeView
{
    public static void WriteText(TextWriter output, TreeSnapshot tree)
    {
        foreach (TableNode table in tree.Tables)
        {
            output.WriteLine(
                $"{table.Name} at {table.Base}, for {table.Covers.Start}-{table.Covers.Last}: {table.Entries.Length} entries in use");
            foreach (TableEntry entry in table.Entries)
            {
                output.WriteLine(Words.Line(entry, table.EntryBytes));
            }
        }
    }

    public static JsonArray ToJson(TreeSnapshot tree) => new([.. tree.Tables.Select(static table => new JsonObject
    {
        ["name"] = table.Name,
        ["base"] = table.Base.ToString(),
        ["first"] = table.Covers.Start.ToString(),
        ["last"] = table.Covers.Last.ToString(),
        ["entries"] = Words.ToJson(table.Entries),
    })]);
}
