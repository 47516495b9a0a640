using System.Text.Json.Nodes;
using BsdVm.Posix;

namespace BsdVm.Cli;

/// <summary>The state after a line as one JSON document.</summary>
internal static class ShowJson
{
    public static JsonObject Map(VmMap map)
    {
        var entries = new JsonArray();
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            entries.Add(new JsonObject
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
            });
        }

        return new JsonObject { ["entries"] = entries };
    }

    public static JsonArray Objects(VmSystem vm) => new([.. vm.Objects.All.OrderBy(static each => each.Id).Select(static each => new JsonObject
    {
        ["id"] = each.Id,
        ["file"] = each.Vnode?.Name,
        ["references"] = each.RefCount,
        ["shadows"] = each.Shadow?.Id,
        ["shadowOffset"] = each.ShadowOffset,
        ["pages"] = new JsonArray([.. each.ResidentPages.OrderBy(static page => page.Index).Select(static page => new JsonObject
        {
            ["index"] = page.Index,
            ["frame"] = page.Frame.ToString(),
        })]),
    })]);

    public static JsonObject Frames(VmPages pages) => new()
    {
        ["total"] = pages.TotalCount,
        ["free"] = pages.FreeCount,
        ["active"] = pages.ActiveCount,
        ["inactive"] = pages.InactiveCount,
        ["wired"] = pages.WiredCount,
        ["pageTables"] = pages.TableCount,
    };

    /// <summary>The walk; <c>references</c> is null where there is nothing to walk.</summary>
    public static JsonObject Walk(Mmu? view, Process process, VirtualAddress address)
    {
        bool hasTables = process.Space.Pmap.TableUse.Bytes > 0;
        WalkExplanation? walk = !hasTables ? null : view?.Explain(address, AccessKind.Read, PrivilegeMode.User);
        bool isMapped = process.Space.Pmap.TryExtract(address, out PmapMapping mapping);
        return new()
        {
            ["va"] = address.ToString(),
            ["pa"] = walk is { Succeeds: true } ? walk.Physical.ToString()
                : walk is null && isMapped ? (mapping.Frame.Address + (address.Value % PageSize.BaseBytes)).ToString()
                : null,
            ["split"] = walk?.Split,
            ["steps"] = new JsonArray([.. (walk?.Steps ?? []).Select(static step => new JsonObject
            {
                ["level"] = step.Level,
                ["table"] = step.Table.ToString(),
                ["index"] = step.Index,
                ["address"] = step.EntryAddress.ToString(),
                ["entry"] = $"0x{step.Entry:x}",
                ["meaning"] = step.Meaning,
            })]),
            ["references"] = walk is { Steps.Length: > 0 } ? walk.Steps.Length : null,
            ["conclusion"] = walk?.Conclusion,
        };
    }

    public static JsonArray Tables(Mmu? view) => new([.. (view?.Tables() ?? []).Select(static table => new JsonObject
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
