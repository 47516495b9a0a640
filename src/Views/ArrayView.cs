using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>One array of entries.</summary>
internal static class ArrayView
{
    public static void WriteText(TextWriter output, ArraySnapshot array)
    {
        output.WriteLine(
            $"array at {array.Base}, {array.EntryCount} entries of {array.EntryBytes} bytes: {array.Entries.Length} entries in use");
        foreach (TableEntry entry in array.Entries)
        {
            output.WriteLine(Words.Line(entry, array.EntryBytes));
        }
    }

    public static JsonObject ToJson(ArraySnapshot array) => new()
    {
        ["name"] = "array",
        ["base"] = array.Base.ToString(),
        ["count"] = array.EntryCount,
        ["entries"] = Words.ToJson(array.Entries),
    };
}
