namespace BsdVm;

/// <summary>Events of one processor. An access that faults and restarts is one look-up of the TLBs: restarts are counted apart.</summary>
public sealed class CpuCounters
{
    /// <summary>Accesses made, each once however often it was restarted.</summary>
    public long Accesses { get; internal set; }

    /// <summary>Fetches that missed the first-level instruction TLB.</summary>
    public long InstructionMisses { get; private set; }

    /// <summary>Loads and stores that missed the first-level data TLB.</summary>
    public long DataMisses { get; private set; }

    /// <summary>
    /// First-level misses that missed the second level too (all of them where there is none): the walks that accesses needed.
    /// </summary>
    public long SecondLevelMisses { get; internal set; }

    /// <summary>Walks because a translation was there, but not with the rights or the modified bit that the access needed.</summary>
    public long RightsRewalks { get; internal set; }

    /// <summary>Faults taken.</summary>
    public long Faults { get; internal set; }

    /// <summary>Accesses restarted after a fault; each walks again.</summary>
    public long Restarts { get; internal set; }

    /// <summary>Invalidations of a page or range that another processor asked for: see <see cref="Cpu.ShootDown"/>.</summary>
    public long Shootdowns { get; internal set; }

    internal void CountFirstLevelMiss(AccessKind access)
    {
        if (access == AccessKind.Execute)
        {
            InstructionMisses++;
        }
        else
        {
            DataMisses++;
        }
    }
}
