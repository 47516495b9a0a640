using BsdVm.Arm;
using BsdVm.Mips;
using BsdVm.Structures;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Cli;

/// <summary>Every name that commands take, and what it stands for.</summary>
internal static class Choices
{
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
    public static IEnumerable<(string Name, string Text)> PmapNames => Pmaps.Select(static backend =>
        (backend.Name, backend is StructureBackend { Parameters.Length: > 0 } structure
            ? $"{backend.Description} ({structure.Parameters})"
            : backend.Description));

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
        Pmaps.FirstOrDefault(backend => backend.Name == name)
        ?? (Structures.TryParse(name, out PmapBackend? walked) ? walked : null)
        ?? (Structures.TryParse(name, R4000.Instance, out PmapBackend? filled) ? filled : null)
        ?? throw UnknownPmap(name);

    public static string One(string what, string name, IReadOnlyList<(string Name, string Text)> choices) =>
        choices.Any(choice => choice.Name == name) ? name : throw Unknown(what, name, choices.Select(static choice => choice.Name));

    // A structure under a hardware walker was once called mips-NAME:hw.
    private static UsageException UnknownPmap(string name)
    {
        string now = name.Replace(OldWalkerSuffix, "", StringComparison.Ordinal);
        bool isOld = now != name && now.StartsWith(R4000.Instance.Prefix, StringComparison.Ordinal);
        now = isOld ? now[R4000.Instance.Prefix.Length..] : name;
        return isOld && Structures.TryParse(now, out _)
            ? new UsageException($"pmap '{name}' is called '{now}' now: structures have no prefix under a hardware walker")
            : Unknown("pmap", name, Pmaps.Select(static backend => backend.Name));
    }

    public static UsageException Unknown(string what, string name, IEnumerable<string> valid) =>
        new($"unknown {what} '{name}'; valid: {string.Join(", ", valid)}");
}
