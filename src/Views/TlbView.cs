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
                TlbEntrySnapshot[] pages = [.. tlb.Entries.SelectMany(PagesOf)];
                output.WriteLine($"{tlb.Name} TLB of CPU {cpu.Id}, {tlb.Geometry} entries x ways: {pages.Length} pages in use");
                WriteEntries(output, pages);
            }
        }

        output.WriteLine();
    }

    /// <summary>An array with an object a TLB.</summary>
    public static JsonArray ToJson(ImmutableArray<CpuSnapshot> cpus) => new([.. cpus.SelectMany(static cpu => cpu.Tlbs.Select(tlb => new JsonObject
    {
        ["cpu"] = cpu.Id,
        ["name"] = tlb.Name,
        ["entries"] = tlb.Geometry.Entries,
        ["ways"] = tlb.Geometry.Ways,
        ["translations"] = new JsonArray([.. tlb.Entries.SelectMany(PagesOf).Select(static page => new JsonObject
        {
            ["va"] = page.Address.ToString(),
            ["tag"] = page.Tag,
            ["frame"] = FrameOf(page),
            ["user"] = page.User.ToText(),
            ["supervisor"] = page.Supervisor.ToText(),
            ["flags"] = new JsonArray([.. FlagsOf(page).Select(static flag => (JsonNode)flag)]),
        })]),
    }))]);

    private static void WriteEntries(TextWriter output, TlbEntrySnapshot[] pages)
    {
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

    private static string FrameOf(TlbEntrySnapshot page) => new PageFrameNumber(page.Physical.Value / PageSize.BaseBytes).ToString();

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
