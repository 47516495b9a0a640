using System.Runtime.InteropServices;

namespace BsdVm;

public sealed partial class AmapLayer
{
    /// <summary>
    /// <c>AMAP-REFS</c>: an amap's count and list are the entries that refer to it, and an entry looks at each of its slots.
    /// <c>ANON-REFS</c>: an anon's count is the slots that hold it; its frame says so too.
    /// </summary>
    public override void CheckInvariants()
    {
        var entries = new Dictionary<Amap, List<VmMapEntry>>();
        foreach (VmSpace space in System.Spaces)
        {
            for (VmMapEntry? entry = space.Map.First; entry is not null; entry = entry.Next)
            {
                if (entry.Amap is not null)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(entries, entry.Amap, out _) ??= [];
                    entries[entry.Amap].Add(entry);
                }
            }
        }

        var slots = new Dictionary<int, int>(_anons.Count);
        foreach ((Amap amap, List<VmMapEntry> reach) in entries)
        {
            Rule.Equal(reach.Count, amap.RefCount, "AMAP-REFS", amap, "entries");
            CheckSlots(amap, reach, slots);
        }

        foreach ((int anon, int held) in slots)
        {
            CheckAnon(anon, held);
        }

        Rule.Equal(slots.Count, _anons.Count, "ANON-REFS", "all anons", "in use");
    }

    // Slots come lowest first, and so do the entries: one pass over both.
    private static void CheckSlots(Amap amap, List<VmMapEntry> reach, Dictionary<int, int> slots)
    {
        reach.Sort(static (a, b) => a.AmapSlot.CompareTo(b.AmapSlot));
        int next = 0;
        ulong limit = 0;
        foreach ((ulong slot, int anon) in amap.Slots)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(slots, anon, out _)++;
            for (; next < reach.Count && reach[next].AmapSlot <= slot; next++)
            {
                limit = Math.Max(limit, reach[next].SlotOf(reach[next].End));
            }

            Rule.Holds(slot < limit, "AMAP-REFS", new SlotSubject(amap, slot), "an entry that looks at it", "none");
        }
    }

    private void CheckAnon(int anon, int held)
    {
        int frame = _anons.FrameOf(anon);
        int transfer = frame != 0 && System.Pages[frame].Busy ? 1 : 0;
        Rule.Equal(held + transfer, _anons.RefCountOf(anon), "ANON-REFS", DescribeAnon(anon), "slots");
        int owner = frame == 0 ? anon : System.Pages[frame].Anon;
        Rule.Holds(owner == anon, "ANON-REFS", DescribeAnon(anon), $"frame {frame} to say so", owner);
    }
}
