namespace BsdVm;

public sealed partial class AmapLayer
{
    private static void Attach(VmMapEntry entry, Amap amap)
    {
        entry.Amap = amap;
        entry.AmapPrevious = null;
        entry.AmapNext = amap.FirstEntry;
        if (amap.FirstEntry is not null)
        {
            amap.FirstEntry.AmapPrevious = entry;
        }

        amap.FirstEntry = entry;
        amap.RefCount++;
    }

    private static void Detach(VmMapEntry entry)
    {
        if (entry.Amap is not { } amap)
        {
            return;
        }

        if (entry.AmapPrevious is null)
        {
            amap.FirstEntry = entry.AmapNext;
        }
        else
        {
            entry.AmapPrevious.AmapNext = entry.AmapNext;
        }

        if (entry.AmapNext is not null)
        {
            entry.AmapNext.AmapPrevious = entry.AmapPrevious;
        }

        entry.AmapNext = null;
        entry.AmapPrevious = null;
        entry.Amap = null;
        amap.RefCount--;
    }

    // Whether another entry looks at any of a range of slots of the entry's amap.
    private static bool HasOtherEntryIn(VmMapEntry entry, ulong from, ulong limit)
    {
        for (VmMapEntry? other = entry.Amap!.FirstEntry; other is not null; other = other.AmapNext)
        {
            if (!ReferenceEquals(other, entry) && other.AmapSlot < limit && from < other.AmapSlot + other.Range.PageCount)
            {
                return true;
            }
        }

        return false;
    }

    // Gives the entry an amap of its own that holds the same anons. Source: amap_copy.
    private void CopyAmap(VmMapEntry entry)
    {
        Amap old = entry.Amap!;
        ulong from = entry.SlotOf(entry.Start);
        ulong limit = entry.SlotOf(entry.End);
        var made = new Amap(_nextId++);
        for (ulong slot = from; old.TryFindNext(slot, limit, out slot); slot++)
        {
            int anon = old[slot];
            _anons.Reference(anon);
            made.Set(slot, anon);
        }

        // Slots that only this entry looked at go with it.
        ReleaseSlots(entry, from, limit);
        Detach(entry);
        Attach(entry, made);
    }

    // The entry stops looking at its slots: what no other entry looks at is freed, page by page (UVM's ppref). Nothing leaks (D4).
    private void ReleaseSlots(VmMapEntry entry, ulong from, ulong limit)
    {
        if (!HasOtherEntryIn(entry, from, limit))
        {
            RemoveSlots(entry.Amap!, from, limit);
            return;
        }

        for (ulong slot = from; entry.Amap!.TryFindNext(slot, limit, out slot); slot++)
        {
            if (!HasOtherEntryIn(entry, slot, slot + 1))
            {
                RemoveSlots(entry.Amap, slot, slot + 1);
            }
        }
    }

    private void RemoveSlots(Amap amap, ulong from, ulong limit)
    {
        for (ulong slot = from; amap.TryFindNext(slot, limit, out slot); slot++)
        {
            int anon = amap[slot];
            amap.Set(slot, 0);
            _anons.Release(anon);
        }
    }

    private void UnmapSlots(VmMapEntry entry, ulong from, ulong limit)
    {
        for (ulong slot = from; entry.Amap!.TryFindNext(slot, limit, out slot); slot++)
        {
            int frame = _anons.FrameOf(entry.Amap[slot]);
            if (frame != 0)
            {
                System.UnmapEverywhere(new((ulong)frame));
            }
        }
    }
}
