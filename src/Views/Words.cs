using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>Entries of tables and the words in them.</summary>
internal static class Words
{
    /// <summary>A word in hexadecimal, with the zeros in front that its size gives it.</summary>
    public static string Hex(ulong word, int bytes) => word.ToString("x", CultureInfo.InvariantCulture).PadLeft(bytes * 2, '0');

    /// <summary>A line about an entry of a table.</summary>
    public static string Line(TableEntry entry, int bytes) =>
        $"  [{entry.Index,4}] {entry.First,-14} 0x{Hex(entry.Word, bytes)}  {entry.Meaning}";

    /// <summary>An array with an object an entry.</summary>
    public static JsonArray ToJson(ImmutableArray<TableEntry> entries) => new([.. entries.Select(static entry => new JsonObject
    {
        ["index"] = entry.Index,
        ["va"] = entry.First.ToString(),
        ["entry"] = $"0x{entry.Word:x}",
        ["meaning"] = entry.Meaning,
    })]);
}
