using System.Text.Json.Nodes;

namespace BsdVm.Cli;

/// <summary>What the TLBs of every processor hold, as text and as JSON.</summary>
internal static class TlbPictures
{
    private static readonly (string Letter, TlbFlags User, TlbFlags Supervisor)[] Rights =
    [
        ("r", TlbFlags.UserRead, TlbFlags.SupervisorRead),
        ("w", TlbFlags.UserWrite, TlbFlags.SupervisorWrite),
        ("x", TlbFlags.UserExecute, TlbFlags.SupervisorExecute),
    ];

    public static void Write(TextWriter output, Machine machine)
    {
        foreach (Cpu cpu in machine.Cpus)
        {
            foreach ((string name, Tlb tlb) in Levels(cpu.Tlb))
            {
                TlbEntry[] entries = Sorted(tlb);
                output.WriteLine($"{name} TLB of CPU {cpu.Id}, {tlb.Geometry} entries x ways: {entries.Length} pages in use");
                var table = new Table("page", "tag", "frame", "user", "supervisor", "flags");
                foreach (TlbEntry entry in entries)
                {
                    table.Add(
                        entry.Page.ToString(), $"{entry.Tag}", $"{FrameOf(entry)}",
                        RightsOf(entry, isUser: true), RightsOf(entry, isUser: false), string.Join(' ', FlagsOf(entry)));
                }

                if (entries.Length > 0)
                {
                    table.Write(output, "  ");
                }
            }
        }

        output.WriteLine();
    }

    public static JsonArray Json(Machine machine)
    {
        var levels = new JsonArray();
        foreach (Cpu cpu in machine.Cpus)
        {
            foreach ((string name, Tlb tlb) in Levels(cpu.Tlb))
            {
                levels.Add(new JsonObject
                {
                    ["cpu"] = cpu.Id,
                    ["name"] = name,
                    ["entries"] = tlb.Geometry.Entries,
                    ["ways"] = tlb.Geometry.Ways,
                    ["translations"] = new JsonArray([.. Sorted(tlb).Select(static entry => new JsonObject
                    {
                        ["va"] = entry.Page.ToString(),
                        ["tag"] = entry.Tag,
                        ["frame"] = $"{FrameOf(entry)}",
                        ["user"] = RightsOf(entry, isUser: true),
                        ["supervisor"] = RightsOf(entry, isUser: false),
                        ["flags"] = new JsonArray([.. FlagsOf(entry).Select(static flag => (JsonNode)flag)]),
                    })]),
                });
            }
        }

        return levels;
    }

    private static IEnumerable<(string Name, Tlb Tlb)> Levels(TlbHierarchy tlb)
    {
        bool isJoint = ReferenceEquals(tlb.Instruction, tlb.Data);
        if (!isJoint)
        {
            yield return ("instruction", tlb.Instruction);
        }

        yield return (isJoint ? "first-level" : "data", tlb.Data);
        if (tlb.Second is { } second)
        {
            yield return ("second-level", second);
        }
    }

    private static TlbEntry[] Sorted(Tlb tlb) =>
        [.. tlb.Entries.OrderBy(static entry => entry.Tag).ThenBy(static entry => entry.Page.Value)];

    private static PageFrameNumber FrameOf(TlbEntry entry) => new(entry.Translation / PageSize.BaseBytes);

    private static string RightsOf(TlbEntry entry, bool isUser) => string.Concat(
        Rights.Select(right => (entry.Translation & (ulong)(isUser ? right.User : right.Supervisor)) != 0 ? right.Letter : "-"));

    private static IEnumerable<string> FlagsOf(TlbEntry entry)
    {
        if ((entry.Translation & (ulong)TlbFlags.Dirty) != 0)
        {
            yield return "modified";
        }

        if ((entry.Translation & (ulong)TlbFlags.Global) != 0)
        {
            yield return "global";
        }
    }
}
