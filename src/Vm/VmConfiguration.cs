namespace BsdVm;

/// <summary>How often a <see cref="VmSystem"/> checks its invariants by itself.</summary>
public enum CheckMode : byte
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>Once there were as many operations as there are entries, objects and frames in use since the last check.</summary>
    Amortized,

    /// <summary>After every operation.</summary>
    Every,
}

/// <summary>What a <see cref="VmSystem"/> is made of.</summary>
public sealed record VmConfiguration
{
    /// <summary>The machine's translation.</summary>
    public required PmapBackend Backend { get; init; }

    /// <summary>Physical memory in frames of 4 KB, 4 to 2^31 - 1.</summary>
    public int FrameCount { get; init; } = 65536;

    /// <summary>Processors, 1 to 64.</summary>
    public int CpuCount { get; init; } = 1;

    /// <summary>Each processor's TLBs.</summary>
    public TlbSpecification Tlb { get; init; } = TlbSpecification.Default;

    /// <summary>History's answers.</summary>
    public VmPolicy Policy { get; init; } = VmPolicy.Corrected;

    /// <summary>Makes the anonymous layer; shadow chains if nothing is said.</summary>
    public Func<VmSystem, AnonymousLayer>? CreateAnonymousLayer { get; init; }

    /// <summary>
    /// Puts a frame allocator of your own in front of the one that has the frames, as <see cref="FailingFrameAllocator"/> does.
    /// </summary>
    public Func<FrameAllocator, FrameAllocator>? DecorateFrames { get; init; }

    /// <summary>
    /// Makes the stores for anonymous pages, one an object with shadow chains, one in all with amaps; memory without limit if null.
    /// </summary>
    public Func<AnonymousPager>? CreateAnonymousPager { get; init; }

    /// <summary>Makes the entry index of a map that starts at the address given; red-black trees if nothing is said.</summary>
    public Func<VirtualAddress, VmMapIndex>? CreateIndex { get; init; }

    /// <summary>
    /// Private memory takes its frames side by side, as far as regions of a large page's size go, and the pmap makes large pages of full
    /// regions. Half of the frames are kept for that as long as others are free. No effect on machines without large pages.
    /// </summary>
    public bool PromotesLargePages { get; init; }

    /// <summary>How often invariants are checked.</summary>
    public CheckMode Check { get; init; }
}
