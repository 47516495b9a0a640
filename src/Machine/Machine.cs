namespace BsdVm;

/// <summary>The simulated hardware: memory, processors, and the clockwork that runs what has to wait.</summary>
public sealed class Machine
{
    private readonly Cpu[] _cpus;

    /// <summary>A machine whose processors are all alike.</summary>
    /// <param name="frameCount">Physical memory in 4 KB frames, at least 1.</param>
    /// <param name="cpuCount">1 to 64.</param>
    /// <param name="tlb">The TLBs of each processor.</param>
    /// <param name="createMmu">Makes the walker of one processor over the memory given.</param>
    public Machine(ulong frameCount, int cpuCount, TlbSpecification tlb, Func<PhysicalMemory, Mmu> createMmu)
    {
        ArgumentNullException.ThrowIfNull(createMmu);
        ArgumentOutOfRangeException.ThrowIfLessThan(cpuCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cpuCount, 64);
        Memory = new PhysicalMemory(frameCount);
        _cpus = new Cpu[cpuCount];
        for (int i = 0; i < cpuCount; i++)
        {
            _cpus[i] = new Cpu(i, createMmu(Memory), Memory, tlb);
        }
    }

    /// <summary>The memory that all processors share.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The processors, by number.</summary>
    public ReadOnlySpan<Cpu> Cpus => _cpus;

    /// <summary>Runs what has to wait.</summary>
    public Scheduler Scheduler { get; } = new();
}
