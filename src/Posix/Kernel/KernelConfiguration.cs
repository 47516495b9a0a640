using System.Collections.Immutable;

namespace BsdVm.Posix;

/// <summary>The machine and the system that a <see cref="Kernel"/> models.</summary>
public sealed record KernelConfiguration
{
    /// <summary>What <see cref="AnonymousLayer"/> may be.</summary>
    public static ImmutableArray<string> AnonymousLayerNames { get; } = ["shadow", "amap"];

    /// <summary>What <see cref="Index"/> may be.</summary>
    public static ImmutableArray<string> IndexNames { get; } = ["rbtree", "list"];

    /// <summary>The machine's translation.</summary>
    public required PmapBackend Backend { get; init; }

    /// <summary>Physical memory in frames of 4 KB, 4 to 2^31 - 1.</summary>
    public int FrameCount { get; init; } = 65536;

    /// <summary>Processors, 1 to 64.</summary>
    public int CpuCount { get; init; } = 1;

    /// <summary>Each processor's TLBs.</summary>
    public TlbSpecification Tlb { get; init; } = TlbSpecification.Default;

    /// <summary>Whose answers system calls give.</summary>
    public OperatingSystemKind OperatingSystem { get; init; }

    /// <summary>
    /// History's answers below the calls. Nothing said: <see cref="VmPolicy.Corrected"/>, or <see cref="VmPolicy.Linux"/> for Linux, which
    /// takes no other.
    /// </summary>
    public VmPolicy? Policy { get; init; }

    /// <summary>One of <see cref="AnonymousLayerNames"/>. Nothing said: <c>shadow</c> for BSD, <c>amap</c> for Linux.</summary>
    public string? AnonymousLayer { get; init; }

    /// <summary>One of <see cref="IndexNames"/>: how maps find their entries.</summary>
    public string Index { get; init; } = "rbtree";

    /// <summary>Fork copies all private memory at once, as before copy-on-write.</summary>
    public bool ForkEagerly { get; init; }

    /// <summary>Where the heap of the first process starts, page aligned.</summary>
    public ulong BreakStart { get; init; } = 0x08000000;

    /// <summary>
    /// A seed: between any two steps random mappings that are not wired are forgotten, which no process can notice. Null: none are.
    /// </summary>
    public ulong? ForgetSeed { get; init; }

    /// <summary>The number of the frame request, counted from 1 once the first process exists, that fails; 0 for none.</summary>
    public long FailFrame { get; init; }

    /// <summary>How often invariants are checked.</summary>
    public CheckMode Check { get; init; }

    internal VmPolicy EffectivePolicy =>
        Policy ?? (OperatingSystem == OperatingSystemKind.Linux ? VmPolicy.Linux : VmPolicy.Corrected);

    internal VmConfiguration ToVm() => new()
    {
        Backend = Backend,
        FrameCount = FrameCount,
        CpuCount = CpuCount,
        Tlb = Tlb,
        Policy = EffectivePolicy,
        Check = Check,
        CreateAnonymousLayer = LayerName == "amap" ? static system => new AmapLayer(system) : static system => new ShadowLayer(system),
        CreateIndex = Index == "list" ? static minimum => new ListIndex(minimum) : static minimum => new RedBlackIndex(minimum),
    };

    internal void Validate()
    {
        Require(AnonymousLayerNames.Contains(LayerName), nameof(AnonymousLayer), $"is not one of {string.Join(", ", AnonymousLayerNames)}");
        Require(IndexNames.Contains(Index), nameof(Index), $"is not one of {string.Join(", ", IndexNames)}");
        Require((BreakStart & PageSize.Base.OffsetMask) == 0, nameof(BreakStart), "is not page aligned");
        Require(FailFrame >= 0, nameof(FailFrame), "is negative");
        bool isLinuxPolicy = EffectivePolicy.Name == VmPolicy.Linux.Name;
        Require(isLinuxPolicy == (OperatingSystem == OperatingSystemKind.Linux), nameof(Policy), "is not one of that operating system");
    }

    private string LayerName => AnonymousLayer ?? (OperatingSystem == OperatingSystemKind.Linux ? "amap" : "shadow");

    private static void Require(bool holds, string name, string complaint)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name} {complaint}.");
        }
    }
}
