using BsdVm.Mips;
using BsdVm.X86;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests;

/// <summary>The structures that hold 47-bit addresses, and how tests run them.</summary>
internal static class Structures
{
    /// <summary>x86-64's tables, each of the assembly of table structures in both forms, and some with other parameters.</summary>
    public static IReadOnlyList<PmapBackend> Wide { get; } =
    [
        X86Backends.FourLevel,
        .. MipsBackends.All.Where(static backend => backend != MipsBackends.Flat),
        Named("mips-clustered:4:hw"),
        Named("mips-guarded:1:hw"),
        Named("mips-guarded:9"),
    ];

    public static PmapBackend Named(string name) =>
        MipsBackends.TryParse(name, out PmapBackend? backend) ? backend : throw new ArgumentException(name, nameof(name));

    public static TlbSpecification Tlb(string text) =>
        TlbSpecification.TryParse(text, out TlbSpecification tlb, out string problem)
            ? tlb
            : throw new ArgumentException(problem, nameof(text));

    public static CompareRun Run(
        TraceSource input, IReadOnlyList<PmapBackend> backends, string tlb = "l1=16x4,l2=64x4", bool fold = false) =>
        Comparer.Run(
            new CompareRequest { Inputs = [input], Backends = backends, Tlb = Tlb(tlb), Fold = fold, FrameCount = 1 << 14 },
            static () => 0).Runs[0];

    public static StructureSummary Of(this CompareRun run, string name) => run.Structures.Single(each => each.Name == name);
}
