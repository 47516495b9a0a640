using System.Collections.Immutable;
using System.Text.Json.Nodes;
using BsdVm.Snapshots;

namespace BsdVm.Views;

/// <summary>What the TLBs of every processor hold. A large page is shown in its parts of 4 KB.</summary>
public static class TlbView
{
    /// <summary>Writes a table a TLB, below a line about its shape.</summary>
    public static void WriteText(TextWriter output, ImmutableArray<CpuSnapshot> cpus)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (CpuSnapshot cpu in cpus)
        {
            foreach (TlbSnapshot tlb in cpu.Tlbs)
            {
                WriteEntries(output, $"{tlb.Name} TLB of CPU {cpu.Id}, {tlb.Geometry} entries x ways", tlb.Entries);
            }

            if (!cpu.WalkerEntries.IsEmpty)
            {
                WriteEntries(output, $"joint TLB of CPU {cpu.Id}, filled by software", cpu.WalkerEntries);
            }
        }

        output.WriteLine();
    }

    /// <summary>An array with an object a TLB.</summary>
    public static JsonArray ToJson(ImmutableArray<CpuSnapshot> cpus) => new([.. cpus.SelectMany(ToJson)]);

    private static IEnumerable<JsonObject> ToJson(CpuSnapshot cpu)
    {
        foreach (TlbSnapshot tlb in cpu.Tlbs)
        {
            yield return new()
            {
                ["cpu"] = cpu.Id,
                ["name"] = tlb.Name,
                ["entries"] = tlb.Geometry.Entries,
                ["ways"] = tlb.Geometry.Ways,
                ["translations"] = ToJson(tlb.Entries),
            };
        }

        if (!cpu.WalkerEntries.IsEmpty)
        {
            yield return new() { ["cpu"] = cpu.Id, ["name"] = "joint", ["translations"] = ToJson(cpu.WalkerEntries) };
        }
    }

    private static JsonArray ToJson(ImmutableArray<TlbEntrySnapshot> entries) =>
        new([.. entries.SelectMany(PagesOf).Select(static page => new JsonObject
        {
            ["va"] = page.Address.ToString(),
            ["tag"] = page.Tag,
            ["frame"] = FrameOf(page),
            ["user"] = page.User.ToText(),
            ["supervisor"] = page.Supervisor.ToText(),
            ["flags"] = new JsonArray([.. FlagsOf(page).Select(static flag => (JsonNode)flag)]),
        })]);

    private static void WriteEntries(TextWriter output, string head, ImmutableArray<TlbEntrySnapshot> entries)
    {
        TlbEntrySnapshot[] pages = [.. entries.SelectMany(PagesOf)];
        output.WriteLine($"{head}: {pages.Length} pages in use");
        if (pages.Length == 0)
        {
            return;
        }

        var table = new Table("page", "tag", "frame", "user", "supervisor", "flags");
        foreach (TlbEntrySnapshot page in pages)
        {
            table.Add(
                page.Address.ToString(), $"{page.Tag}", FrameOf(page), page.User.ToText(), page.Supervisor.ToText(),
                string.Join(' ', FlagsOf(page)));
        }

        table.Write(output, "  ");
    }

    private static IEnumerable<TlbEntrySnapshot> PagesOf(TlbEntrySnapshot entry)
    {
        for (ulong offset = 0; offset < entry.Size.Bytes; offset += PageSize.BaseBytes)
        {
            yield return entry with { Address = entry.Address + offset, Size = PageSize.Base, Physical = entry.Physical + offset };
        }
    }

    private static string FrameOf(TlbEntrySnapshot page) => page.Physical.Frame.ToString();

    private static IEnumerable<string> FlagsOf(TlbEntrySnapshot entry)
    {
        if (entry.IsModified)
        {
            yield return "modified";
        }

        if (entry.IsGlobal)
        {
            yield return "global";
        }
    }
}
