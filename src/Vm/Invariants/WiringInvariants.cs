namespace BsdVm;

/// <summary>Rules of memory that is locked.</summary>
public static class WiringInvariants
{
    /// <summary>Checks all of them.</summary>
    public static void Check(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        CheckCounts(system);
        CheckEntries(system);
    }

    /// <summary><c>WIRE-COUNT</c>: a frame's count is its wired mappings.</summary>
    public static void CheckCounts(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var wired = new Dictionary<ulong, int>();
        foreach (VmSpace space in system.Spaces)
        {
            foreach (PmapMapping mapping in space.Pmap.WiredCount == 0 ? [] : space.Pmap.Mappings(space.Map.Bounds))
            {
                if ((mapping.Flags & PmapFlags.Wired) != 0)
                {
                    wired[mapping.Frame.Value] = wired.GetValueOrDefault(mapping.Frame.Value) + 1;
                }
            }
        }

        foreach ((ulong frame, int count) in wired)
        {
            int wirings = system.Pages[(int)frame].WireCount;
            Rule.Equal(count, wirings, "WIRE-COUNT", new FrameSubject(system.Pages, (int)frame), "wired mappings");
        }

        foreach (int frame in system.Pages.Used)
        {
            int count = system.Pages[frame].WireCount;
            if (count != 0 && !wired.ContainsKey((ulong)frame))
            {
                Rule.Equal(0, count, "WIRE-COUNT", new FrameSubject(system.Pages, frame), "wired mappings");
            }
        }

        Rule.Equal(wired.Count, system.Pages.WiredCount, "WIRE-COUNT", "all frames", "wired frames");
    }

    /// <summary>
    /// <c>WIRE-MAPPED</c>: an entry that is locked and has rights has a wired mapping for each of its pages, except where pages are wired
    /// as faults bring them: those that were only marked, and those that were lost or could not be had since.
    /// </summary>
    public static void CheckEntries(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        foreach (VmSpace space in system.Spaces)
        {
            for (VmMapEntry? entry = space.Map.First; entry is not null; entry = entry.Next)
            {
                if (entry.IsWired && !entry.IsWiredOnFault && entry.Protection != Protection.None)
                {
                    int wired = space.Pmap.Mappings(entry.Range).Count(static mapping => (mapping.Flags & PmapFlags.Wired) != 0);
                    Rule.Equal((long)entry.Range.PageCount, wired, "WIRE-MAPPED", entry, "wired mappings");
                }
            }
        }
    }
}
