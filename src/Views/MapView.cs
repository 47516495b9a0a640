using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>The entries of a map.</summary>
public static class MapView
{
    /// <summary>Writes a line an entry, below a line about the whole map.</summary>
    public static void WriteText(TextWriter output, VmSpaceSnapshot space)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(space);
        VmMapSnapshot map = space.Map;
        output.WriteLine(
            $"map ({map.Entries.Length} entries, {map.SizeBytes / PageSize.BaseBytes} pages; {space.Mappings.Length} mapped in the pmap)");
        var table = new Table("range", "rights", "max", "sharing", "inherit", "upper", "lower", "flags");
        foreach (VmMapEntrySnapshot entry in map.Entries)
        {
            table.Add(
                entry.Range.ToString(), entry.Protection.ToText(), entry.MaxProtection.ToText(), entry.IsShared ? "shared" : "private",
                entry.Inheritance.ToString().ToLowerInvariant(), entry.Amap is null ? "-" : $"amap {entry.Amap.Id} slot {entry.AmapSlot:x}",
                entry.Object is null ? "-" : $"object {entry.Object.Id} + 0x{entry.Offset:x}", string.Join(' ', FlagsOf(entry)));
        }

        table.Write(output, "  ");
        output.WriteLine();
    }

    /// <summary>An object with the entries.</summary>
    public static JsonObject ToJson(VmMapSnapshot map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new()
        {
            ["entries"] = new JsonArray([.. map.Entries.Select(static entry => new JsonObject
            {
                ["start"] = entry.Range.Start.ToString(),
                ["length"] = entry.Range.LengthBytes,
                ["rights"] = entry.Protection.ToText(),
                ["maxRights"] = entry.MaxProtection.ToText(),
                ["shared"] = entry.IsShared,
                ["inherit"] = entry.Inheritance.ToString().ToLowerInvariant(),
                ["amap"] = entry.Amap?.Id,
                ["object"] = entry.Object?.Id,
                ["offset"] = entry.Offset,
                ["needsCopy"] = entry.NeedsCopy,
                ["wired"] = entry.IsWired,
            })]),
        };
    }

    private static IEnumerable<string> FlagsOf(VmMapEntrySnapshot entry)
    {
        (bool IsSet, string Name)[] flags =
        [
            (entry.CopyOnWrite, "copy-on-write"),
            (entry.NeedsCopy, "needs-copy"),
            (entry.SharesUpper, "shares-upper"),
            (entry.IsWired, "wired"),
            (entry.GrowsDown, "grows-down"),
            (entry.Advice != VmAdvice.Normal, entry.Advice.ToString().ToLowerInvariant()),
        ];
        return flags.Where(static flag => flag.IsSet).Select(static flag => flag.Name);
    }
}
