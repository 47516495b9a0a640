namespace BsdVm;

/// <summary>TLB invalidations that are owed and not yet delivered. Source: the delayed shootdown of NetBSD <c>pmap_tlb</c>.</summary>
internal sealed class InvalidationQueue
{
    private struct Owed
    {
        public int Pmap;
        public AddressRange Range;
    }

    private Owed[] _items = new Owed[64];

    public int Count { get; private set; }

    public void Add(int pmap, AddressRange range)
    {
        // Neighbouring pages of one pmap, as range operations give them, become one range.
        if (Count > 0)
        {
            ref Owed last = ref _items[Count - 1];
            if (last.Pmap == pmap && last.Range.End == range.Start)
            {
                last.Range = new AddressRange(last.Range.Start, last.Range.LengthBytes + range.LengthBytes);
                return;
            }
        }

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = new Owed { Pmap = pmap, Range = range };
    }

    public void Deliver(Machine machine, Pmap?[] pmaps, PmapCounters counters)
    {
        foreach (ref readonly Owed item in _items.AsSpan(0, Count))
        {
            ulong cachedOn = pmaps[item.Pmap]?.CachedOn ?? 0;
            foreach (Cpu cpu in machine.Cpus)
            {
                if ((cachedOn >> cpu.Id & 1) != 0)
                {
                    cpu.Invalidate(item.Range, pmaps[item.Pmap]!.Tag);
                    counters.Invalidations++;
                }
            }
        }

        Count = 0;
    }
}
