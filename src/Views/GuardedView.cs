using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>A guarded table: entries with the guard that an address must match, the nodes below them further to the right.</summary>
internal static class GuardedView
{
    public static void WriteText(TextWriter output, GuardedSnapshot table)
    {
        if (table.Root is not { } root)
        {
            output.WriteLine("guarded table: empty");
            return;
        }

        output.WriteLine("guarded table, root entry in a register:");
        WriteEntry(output, root, "  ");
    }

    public static JsonObject ToJson(GuardedSnapshot table) => new()
    {
        ["name"] = "guarded table",
        ["root"] = table.Root is { } root ? EntryToJson(root) : null,
    };

    private static void WriteEntry(TextWriter output, GuardedEntry entry, string indent)
    {
        output.WriteLine($"{indent}[{entry.Index,2}] guard 0x{entry.Guard:x}  0x{entry.Word:x} 0x{entry.Second:x}  {entry.Meaning}");
        if (entry.Below is not { } node)
        {
            return;
        }

        int highBit = node.LowBit + node.IndexBits - 1;
        output.WriteLine(
            $"{indent}  node at {node.Base}, bits {highBit}:{node.LowBit} of the page number: {node.Entries.Length} entries in use");
        foreach (GuardedEntry below in node.Entries)
        {
            WriteEntry(output, below, indent + "    ");
        }
    }

    private static JsonObject EntryToJson(GuardedEntry entry) => new()
    {
        ["index"] = entry.Index,
        ["address"] = entry.At.ToString(),
        ["guard"] = $"0x{entry.Guard:x}",
        ["words"] = new JsonArray($"0x{entry.Word:x}", $"0x{entry.Second:x}"),
        ["meaning"] = entry.Meaning,
        ["va"] = entry.Page?.Mapping.Address.ToString(),
        ["node"] = entry.Below is { } node ? NodeToJson(node) : null,
    };

    private static JsonObject NodeToJson(GuardedNode node) => new()
    {
        ["base"] = node.Base.ToString(),
        ["lowBit"] = node.LowBit,
        ["bits"] = node.IndexBits,
        ["entries"] = new JsonArray([.. node.Entries.Select(EntryToJson)]),
    };
}
