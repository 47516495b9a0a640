using BsdVm.Arm;
using BsdVm.Traces;
using BsdVm.Mips;
using BsdVm.X86;

namespace BsdVm.Cli;

/// <summary>Every name that commands take, and what it stands for.</summary>
internal static class Choices
{
    private const int LongestShown = 40;

    public static IReadOnlyList<PmapBackend> Pmaps { get; } = [.. X86Backends.All, .. ArmBackends.All, .. MipsBackends.All, new ReferenceBackend()];

    public static IReadOnlyList<(string Name, string Text)> Indexes { get; } =
    [
        ("rbtree", "red-black tree of entries with the largest gap of each subtree (default)"),
        ("list", "sorted list with a hint, as 4.4BSD had it"),
    ];

    public static IReadOnlyList<(string Name, string Text)> Anons { get; } =
    [
        ("shadow", "chains of shadow objects (4.4BSD; default with --os bsd)"),
        ("amap", "amaps of anons (UVM; default and the only one with --os linux)"),
    ];

    public static IReadOnlyList<(string Name, string Text)> Policies { get; } =
    [
        ("corrected", "4.4BSD with its known bugs mended (default)"),
        ("lite2", "4.4BSD-Lite2 as it was"),
    ];

    public static IReadOnlyList<(string Name, string Text)> Formats { get; } =
    [
        ("lackey", "log of valgrind --tool=lackey --trace-mem=yes [--trace-syscalls=yes], plain or gzip"),
        ("bvt", "compact binary form, written by convert"),
        ("u64", "little-endian 64-bit words: bits 63..3 the byte address, bit 0 set for a store (--u64)"),
        ("pages", "text list of page numbers (--pages)"),
    ];

    public static Workload Workload(string text) =>
        Traces.Workload.TryParse(text, out Workload? workload, out string problem) ? workload : throw new UsageException(problem);

    /// <summary>What is compared where nobody chose: every structure for 64-bit addresses, walked by hardware.</summary>
    public static IReadOnlyList<PmapBackend> Compared { get; } =
        [X86Backends.FourLevel, .. MipsBackends.All.Where(static backend => backend.Name.EndsWith(":hw", StringComparison.Ordinal))];

    public static PmapBackend Pmap(string name) =>
        FindPmap(name) ?? throw Unknown("pmap", name, Pmaps.Select(static backend => backend.Name));

    /// <summary>What is wrong with a <c>pmap=</c> of a scenario; null if nothing is.</summary>
    public static string? PmapProblem(string name)
    {
        if (FindPmap(name) is not null)
        {
            return null;
        }

        string shown = name.Length <= LongestShown ? name : name[..LongestShown] + "...";
        return FindPmap(name.Split(':')[0]) is { } known
            ? $"pmap={shown}: what follows {known.Name} is no parameter of it: {known.Description}"
            : $"unknown value '{shown}' of pmap; the values are {string.Join(", ", Pmaps.Select(static backend => backend.Name))}";
    }

    private static PmapBackend? FindPmap(string name) =>
        Pmaps.FirstOrDefault(backend => backend.Name == name) ?? (MipsBackends.TryParse(name, out PmapBackend? chosen) ? chosen : null);

    public static string One(string what, string name, IReadOnlyList<(string Name, string Text)> choices) =>
        choices.Any(choice => choice.Name == name) ? name : throw Unknown(what, name, choices.Select(static choice => choice.Name));

    public static UsageException Unknown(string what, string name, IEnumerable<string> valid) =>
        new($"unknown {what} '{name}'; valid: {string.Join(", ", valid)}");
}
