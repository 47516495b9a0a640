using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>A hash table: its buckets in use, each with the chain of entries that a walk goes through.</summary>
internal static class HashView
{
    public static void WriteText(TextWriter output, HashSnapshot table)
    {
        long entries = table.Buckets.Sum(static bucket => (long)bucket.Chain.Length);
        string owner = table.Space is { } space ? $" for all address spaces, this one is {space}" : "";
        output.WriteLine($"hash table of {table.BucketCount} buckets{owner}: {table.Buckets.Length} buckets in use, {entries} entries");
        bool hasWays = table.Buckets.Any(static bucket => bucket.Way > 0);
        foreach (HashBucket bucket in table.Buckets)
        {
            output.WriteLine($"  {(hasWays ? $"way {bucket.Way} " : "")}bucket {bucket.Index} at {bucket.At}");
            foreach (HashEntry entry in bucket.Chain)
            {
                WriteEntry(output, entry);
            }
        }
    }

    public static JsonObject ToJson(HashSnapshot table) => new()
    {
        ["name"] = "hash table",
        ["space"] = table.Space,
        ["count"] = table.BucketCount,
        ["buckets"] = new JsonArray([.. table.Buckets.Select(static bucket => new JsonObject
        {
            ["way"] = bucket.Way,
            ["index"] = bucket.Index,
            ["address"] = bucket.At.ToString(),
            ["chain"] = new JsonArray([.. bucket.Chain.Select(static entry => new JsonObject
            {
                ["address"] = entry.At.ToString(),
                ["tag"] = $"0x{entry.Tag:x}",
                ["space"] = entry.Space,
                ["meaning"] = entry.Meaning,
                ["entries"] = Words.ToJson(entry.Slots),
            })]),
        })]),
    };

    private static void WriteEntry(TextWriter output, HashEntry entry)
    {
        output.WriteLine($"    entry at {entry.At}, tag 0x{entry.Tag:x}: {entry.Meaning}");
        foreach (TableEntry slot in entry.Slots)
        {
            output.WriteLine($"      {slot.First,-14} 0x{slot.Word:x}  {slot.Meaning}");
        }
    }
}
