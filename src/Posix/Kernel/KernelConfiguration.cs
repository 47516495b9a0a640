namespace BsdVm.Posix;

/// <summary>Whose system calls processes see.</summary>
public enum OperatingSystemKind
{
    /// <summary>4.4BSD and its descendants.</summary>
    Bsd,

    /// <summary>Linux on x86-64, as root.</summary>
    Linux,
}

/// <summary>How far a touch below a stack maps.</summary>
public enum StackGrowth
{
    /// <summary>From the stack down to the page touched, as systems do.</summary>
    DownToPage,

    /// <summary>
    /// The page touched alone, however close the next mapping is, up to 8 MB below the lowest page that is mapped. For programs that ran
    /// before: each page is counted once it is used, and the limits that they ran under do not bind again.
    /// </summary>
    PageAlone,
}

/// <summary>What a <see cref="Kernel"/> is made of.</summary>
public sealed record KernelConfiguration
{
    /// <summary>The machine's translation.</summary>
    public required PmapBackend Backend { get; init; }

    /// <summary>Physical memory in frames of 4 KB.</summary>
    public int FrameCount { get; init; } = 65536;

    /// <summary>Processors.</summary>
    public int CpuCount { get; init; } = 1;

    /// <summary>Each processor's TLBs.</summary>
    public TlbSpecification Tlb { get; init; } = TlbSpecification.Default;

    /// <summary>Whose answers.</summary>
    public OperatingSystemKind OperatingSystem { get; init; }

    /// <summary>For BSD: corrected, or as it was in 1995. Linux implies its own.</summary>
    public VmPolicy Policy { get; init; } = VmPolicy.Corrected;

    /// <summary>Makes the anonymous layer; null for what the system implies: shadow chains for BSD, amaps for Linux.</summary>
    public Func<VmSystem, AnonymousLayer>? CreateAnonymousLayer { get; init; }

    /// <summary>Makes the entry index of a map; null for red-black trees.</summary>
    public Func<VirtualAddress, VmMapIndex>? CreateIndex { get; init; }

    /// <summary>Fork copies at once instead of on the first write.</summary>
    public bool ForksEagerly { get; init; }

    /// <summary>Where the heap of the first process begins, page aligned, and that of each process after an exec.</summary>
    public ulong BreakStart { get; init; } = 0x8000000;

    /// <summary>
    /// The first address that processes may not use; the machine's limit holds as well. Source: Linux x86-64 <c>TASK_SIZE</c>.
    /// </summary>
    public ulong UserLimit { get; init; } = 0x7FFF_FFFF_F000;

    /// <summary>How stacks grow.</summary>
    public StackGrowth StackGrowth { get; init; }

    /// <summary>As <see cref="VmConfiguration.PromotesLargePages"/>.</summary>
    public bool PromotesLargePages { get; init; }

    /// <summary>For Linux: mappings that a process may have, at least 1. Source: <c>vm.max_map_count</c>.</summary>
    public int MappingLimit { get; init; } = 65530;

    /// <summary>
    /// For Linux: the bytes of memory and swap that heuristic overcommit holds one request against; null grants all
    /// (<c>vm.overcommit_memory</c> 1).
    /// </summary>
    public ulong? RamBytes { get; init; }

    /// <summary>Slots of swap space. Only 0 is supported yet: pagers of anonymous memory have no bound.</summary>
    public int SwapSlots { get; init; }

    /// <summary>Seed for dropping random unwired mappings between any two operations; null drops none.</summary>
    public ulong? ForgetSeed { get; init; }

    /// <summary>The number of the frame request that fails, from 1; 0 for none.</summary>
    public long FailFrame { get; init; }

    /// <summary>How often invariants are checked.</summary>
    public CheckMode Check { get; init; }
}
