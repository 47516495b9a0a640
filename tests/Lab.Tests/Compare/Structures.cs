using BsdVm.Mips;
using BsdVm.Structures;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Lab.Tests;

/// <summary>The structures that hold 47-bit addresses, and how tests run them.</summary>
internal static class Structures
{
    private static readonly StructureRegistry Registry = new();

    /// <summary>x86-64's tables, each table structure on both machines, and some with other parameters.</summary>
    public static IReadOnlyList<PmapBackend> Wide { get; } =
    [
        X86Backends.FourLevel,
        .. Registry.Backends(R4000.Instance),
        .. Registry.Backends(HardwareWalker.Instance).Where(static backend => backend.Name != "flat"),
        Named("clustered:4"),
        Named("guarded:1"),
        Named("mips-guarded:9"),
    ];

    public static PmapBackend Named(string name) =>
        Registry.TryParse(name, out PmapBackend? walked) ? walked
        : Registry.TryParse(name, R4000.Instance, out PmapBackend? filled) ? filled
        : throw new ArgumentException(name, nameof(name));

    public static TlbSpecification Tlb(string text) =>
        TlbSpecification.TryParse(text, out TlbSpecification tlb, out string problem) ? tlb : throw new ArgumentException(problem, nameof(text));

    public static CompareRun Run(TraceSource input, IReadOnlyList<PmapBackend> backends, string tlb = "l1=16x4,l2=64x4", bool fold = false) =>
        Comparer.Run(
            new CompareRequest { Inputs = [input], Backends = backends, Tlb = Tlb(tlb), Fold = fold, FrameCount = 1 << 14 }, static () => 0).Runs[0];

    public static StructureSummary Of(this CompareRun run, string name) => run.Structures.Single(each => each.Name == name);
}
