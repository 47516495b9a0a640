using BsdVm.Arm;
using BsdVm.Mips;
using BsdVm.Structures;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Cli;

/// <summary>Every name that commands take, and what it stands for.</summary>
internal static class Choices
{
    private const int LongestShown = 40;
    private const string OldWalkerSuffix = ":hw";

    private static readonly StructureRegistry Structures = new();

    // Under a hardware walker; those for 32-bit addresses stand with the machines that have as many.
    private static readonly ILookup<bool, PmapBackend> Walked =
        Structures.Backends(HardwareWalker.Instance).ToLookup(static backend => backend.Capabilities.VirtualAddressBits <= 32);

    /// <summary>Every backend, in its default form.</summary>
    public static IReadOnlyList<PmapBackend> Pmaps { get; } =
    [
        .. X86Backends.All,
        .. ArmBackends.All,
        .. Walked[true],
        .. Structures.Backends(R4000.Instance),
        .. Walked[false],
        new ReferenceBackend(),
    ];

    /// <summary>Every name of a backend, with what may follow it.</summary>
    public static IEnumerable<(string Name, string Text)> PmapNames => Pmaps.Select(static backend => (backend.Name, TextOf(backend)));

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
        [X86Backends.FourLevel, .. Walked[false]];

    public static PmapBackend Pmap(string name) =>
        FindPmap(name) ?? throw (NewNameOf(name) is { } now
            ? new UsageException($"pmap '{name}' {now}")
            : Unknown("pmap", name, Pmaps.Select(static backend => backend.Name)));

    /// <summary>What is wrong with a <c>pmap=</c> of a scenario; null if nothing is.</summary>
    public static string? PmapProblem(string name)
    {
        if (FindPmap(name) is not null)
        {
            return null;
        }

        if (NewNameOf(name) is { } now)
        {
            return $"pmap={name} {now}";
        }

        string shown = name.Length <= LongestShown ? name : name[..LongestShown] + "...";
        return FindPmap(name.Split(':')[0]) is { } known
            ? $"pmap={shown}: what follows {known.Name} is no parameter of it: {TextOf(known)}"
            : $"unknown value '{shown}' of pmap; the values are {string.Join(", ", Pmaps.Select(static backend => backend.Name))}";
    }

    private static string TextOf(PmapBackend backend) => backend is StructureBackend { Parameters.Length: > 0 } structure
        ? $"{backend.Description} ({structure.Parameters})"
        : backend.Description;

    private static PmapBackend? FindPmap(string name) =>
        Pmaps.FirstOrDefault(backend => backend.Name == name)
        ?? (Structures.TryParse(name, out PmapBackend? walked) ? walked : null)
        ?? (Structures.TryParse(name, R4000.Instance, out PmapBackend? filled) ? filled : null);

    // A structure under a hardware walker was once called mips-NAME:hw.
    private static string? NewNameOf(string name)
    {
        string rest = name.Replace(OldWalkerSuffix, "", StringComparison.Ordinal);
        bool isOld = rest != name && rest.StartsWith(R4000.Instance.Prefix, StringComparison.Ordinal);
        string now = isOld ? rest[R4000.Instance.Prefix.Length..] : name;
        return isOld && Structures.TryParse(now, out _)
            ? $"is called '{now}' now: structures have no prefix under a hardware walker"
            : null;
    }

    public static UsageException Unknown(string what, string name, IEnumerable<string> valid) =>
        new($"unknown {what} '{name}'; valid: {string.Join(", ", valid)}");
}
