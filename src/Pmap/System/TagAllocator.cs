namespace BsdVm;

/// <summary>
/// Hands out address-space tags by generations: tags are given in order, and when they run out everything is flushed on every processor
/// and a new generation begins, in which each pmap gets a new tag when it is next activated. Tag 0 is the kernel's.
/// Source: Linux <c>arch/arm/mm/context.c</c>, 4.4BSD pmax <c>pmap_alloc_tlbpid</c>.
/// </summary>
internal sealed class TagAllocator(int tagBits)
{
    private readonly uint _count = 1u << tagBits;
    private uint _next = 1;
    private long _generation = 1;

    /// <summary>Whether translations under the pmap's tag are its own.</summary>
    public bool IsCurrent(Pmap pmap) => pmap.TagGeneration == _generation;

    /// <summary>Gives the pmap a tag of this generation if it has none.</summary>
    public void Give(Pmap pmap, PmapSystem system)
    {
        if (pmap.TagGeneration == _generation)
        {
            return;
        }

        if (_next == _count)
        {
            Recycle(system);
        }

        Take(pmap);
    }

    private void Take(Pmap pmap)
    {
        pmap.Tag = _next++;
        pmap.TagGeneration = _generation;
    }

    private void Recycle(PmapSystem system)
    {
        _generation++;
        _next = 1;
        system.Counters.TagGenerations++;
        foreach (Pmap pmap in system.Pmaps)
        {
            pmap.CachedOn = 0;
        }

        foreach (Cpu cpu in system.Machine.Cpus)
        {
            cpu.Flush(keepGlobal: true);
            if (system.LoadedOn(cpu) is { } running)
            {
                Give(running, system);
                running.Load(cpu);
                running.CachedOn |= 1UL << cpu.Id;
            }
        }
    }
}
