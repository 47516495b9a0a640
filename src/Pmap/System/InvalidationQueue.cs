using System.Numerics;

namespace BsdVm;

/// <summary>
/// TLB invalidations that are owed and not yet delivered. Of the processors that are told of one, the first that runs the space, or else
/// the first, is taken for the one that made the change; for all others it is a shootdown. A single processor therefore has none. Source:
/// the delayed shootdown of NetBSD <c>pmap_tlb </c>.
/// </summary>
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

    public void Deliver(PmapSystem system)
    {
        foreach (ref readonly Owed item in _items.AsSpan(0, Count))
        {
            if (system.Living(item.Pmap) is { CachedOn: not 0 } pmap)
            {
                Deliver(system, pmap, item.Range);
            }
        }

        Count = 0;
    }

    private static void Deliver(PmapSystem system, Pmap pmap, AddressRange range)
    {
        int asker = AskerOf(system, pmap);
        foreach (Cpu cpu in system.Machine.Cpus)
        {
            if (cpu.Id == asker)
            {
                cpu.Invalidate(range, pmap.Tag);
                system.Counters.Invalidations++;
            }
            else if ((pmap.CachedOn >> cpu.Id & 1) != 0)
            {
                cpu.ShootDown(range, pmap.Tag);
                system.Counters.Invalidations++;
            }
        }
    }

    private static int AskerOf(PmapSystem system, Pmap pmap)
    {
        foreach (Cpu cpu in system.Machine.Cpus)
        {
            if ((pmap.CachedOn >> cpu.Id & 1) != 0 && ReferenceEquals(system.LoadedOn(cpu), pmap))
            {
                return cpu.Id;
            }
        }

        return BitOperations.TrailingZeroCount(pmap.CachedOn);
    }
}
