using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>The layers behind maps: chains of objects, and amaps where those are used.</summary>
public static class ObjectView
{
    private const int PagesShown = 16;

    /// <summary>Writes each chain from the object that nothing shadows down to the last one, then the amaps.</summary>
    public static void WriteText(TextWriter output, VmSystemSnapshot system)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(system);
        output.WriteLine($"objects ({system.Objects.Length})");
        foreach (VmObjectSnapshot top in system.Objects.Where(static each => each.ShadowCount == 0))
        {
            WriteChain(output, top);
        }

        if (!system.Amaps.IsEmpty)
        {
            output.WriteLine($"amaps ({system.Amaps.Length})");
            foreach (AmapSnapshot amap in system.Amaps)
            {
                string slots = string.Join("  ", amap.Slots.Select(static slot => $"[{slot.Slot:x}] anon {slot.Anon.Id}"));
                output.WriteLine($"  {amap}: {slots}");
            }
        }

        output.WriteLine();
    }

    /// <summary>An array with an object each.</summary>
    public static JsonArray ToJson(VmSystemSnapshot system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new([.. system.Objects.Select(static each => new JsonObject
        {
            ["id"] = each.Id,
            ["file"] = each.FileName,
            ["references"] = each.RefCount,
            ["shadows"] = each.Shadow?.Id,
            ["shadowOffset"] = each.ShadowOffset,
            ["pages"] = new JsonArray([.. each.Pages.Select(static page => new JsonObject
            {
                ["index"] = page.Index,
                ["frame"] = page.Frame.ToString(),
            })]),
        })]);
    }

    private static void WriteChain(TextWriter output, VmObjectSnapshot top)
    {
        string indent = "  ";
        foreach (VmObjectSnapshot each in top.Chain())
        {
            output.WriteLine($"{indent}{each}");
            output.WriteLine($"{indent}  pages: {PagesOf(each)}");
            indent += "    ";
            if (each.Shadow is not null)
            {
                output.WriteLine($"{indent[..^2]}| shadows, from 0x{each.ShadowOffset:x}");
            }
        }
    }

    private static string PagesOf(VmObjectSnapshot each)
    {
        if (each.Pages.IsEmpty)
        {
            return "none";
        }

        string rest = each.Pages.Length > PagesShown ? $"  ... {each.Pages.Length - PagesShown} more" : "";
        return string.Join("  ", each.Pages.Take(PagesShown).Select(static page => $"{page.Index}->frame {page.Frame}")) + rest;
    }
}
