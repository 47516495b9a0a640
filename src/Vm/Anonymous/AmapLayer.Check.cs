namespace BsdVm;

public sealed partial class AmapLayer
{
    /// <summary>
    /// <c>AMAP-REFS</c>: an amap's count and list are the entries that refer to it, and an entry looks at each of its slots.
    /// <c>ANON-REFS</c>: an anon's count is the slots that hold it; its frame says so too.
    /// </summary>
    public override void CheckInvariants()
    {
        var entries = new Dictionary<Amap, int>();
        foreach (VmSpace space in System.Spaces)
        {
            for (VmMapEntry? entry = space.Map.First; entry is not null; entry = entry.Next)
            {
                if (entry.Amap is not null)
                {
                    entries[entry.Amap] = entries.GetValueOrDefault(entry.Amap) + 1;
                }
            }
        }

        var slots = new int[_anons.Limit];
        foreach ((Amap amap, int count) in entries)
        {
            Rule.Equal(count, amap.RefCount, "AMAP-REFS", $"amap {amap.Id}", "entries");
            CheckSlots(amap, slots);
        }

        for (int anon = 1; anon < slots.Length; anon++)
        {
            if (slots[anon] > 0)
            {
                CheckAnon(anon, slots[anon]);
            }
        }

        Rule.Equal(slots.Count(static held => held > 0), _anons.Count, "ANON-REFS", "all anons", "in use");
    }

    private static void CheckSlots(Amap amap, int[] slots)
    {
        foreach ((ulong slot, int anon) in amap.Slots)
        {
            slots[anon]++;
            bool reached = false;
            for (VmMapEntry? entry = amap.FirstEntry; entry is not null; entry = entry.AmapNext)
            {
                reached |= slot - entry.AmapSlot < entry.Range.PageCount;
            }

            Rule.Holds(reached, "AMAP-REFS", $"amap {amap.Id} slot {slot}", "an entry that looks at it", "none");
        }
    }

    private void CheckAnon(int anon, int held)
    {
        int frame = _anons.FrameOf(anon);
        int transfer = frame != 0 && System.Pages[frame].Busy ? 1 : 0;
        Rule.Equal(held + transfer, _anons.RefCountOf(anon), "ANON-REFS", $"anon {anon}", "slots");
        Rule.Holds(frame == 0 || System.Pages[frame].Anon == anon, "ANON-REFS", $"anon {anon}", $"frame {frame} to say so", frame == 0 ? 0 : System.Pages[frame].Anon);
    }
}
