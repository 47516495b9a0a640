namespace BsdVm;

/// <summary>Rules of objects and their chains.</summary>
public static class ObjectInvariants
{
    /// <summary>Checks all of them.</summary>
    public static void Check(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        CheckReferences(system);
        CheckChains(system);
        CheckPages(system);
    }

    /// <summary><c>OBJ-REFS</c>: an object's count is the entries and shadows that refer to it; only a file's may be 0.</summary>
    public static void CheckReferences(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var references = new Dictionary<VmObject, int>();
        foreach (VmMapEntry entry in system.Spaces.SelectMany(static space => Entries(space.Map)))
        {
            Count(references, entry.Object);
        }

        foreach (VmObject each in system.Objects.All)
        {
            Count(references, each.Shadow);
        }

        foreach (VmObject each in system.Objects.All)
        {
            int held = references.GetValueOrDefault(each) + each.HeldOutside;
            Rule.Equal(held, each.RefCount, "OBJ-REFS", each, "references");
            Rule.Holds(each.RefCount > 0 || !each.IsAnonymous, "OBJ-REFS", each, "a reference to anonymous memory", 0);
        }
    }

    /// <summary><c>OBJ-CHAIN</c>: no chain runs in a circle, offsets are whole pages, and shadows are counted.</summary>
    public static void CheckChains(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var shadows = new Dictionary<VmObject, int>();
        var ended = new HashSet<VmObject>();
        foreach (VmObject each in system.Objects.All)
        {
            Count(shadows, each.Shadow);
            bool isAligned = PageSize.Base.Divides(each.ShadowOffset);
            Rule.Holds(isAligned, "OBJ-CHAIN", each, "a page-aligned shadow offset", each.ShadowOffset);

            // What an earlier walk went through has an end.
            int steps = 0;
            for (VmObject? behind = each; behind is not null && ended.Add(behind); behind = behind.Shadow)
            {
                steps++;
            }

            bool ends = steps <= system.Objects.Count && !IsInCircle(each, steps);
            Rule.Holds(ends, "OBJ-CHAIN", each, "a chain with an end", "a circle");
        }

        foreach (VmObject each in system.Objects.All)
        {
            Rule.Equal(shadows.GetValueOrDefault(each), each.ShadowCount, "OBJ-CHAIN", each, "shadows");
        }
    }

    // A walk that stopped at an object of its own, the only way to make a circle.
    private static bool IsInCircle(VmObject first, int steps)
    {
        VmObject? at = first;
        for (int step = 0; step < steps; step++)
        {
            at = at!.Shadow;
        }

        VmObject? own = first;
        for (int step = 0; at is not null && step < steps; step++, own = own!.Shadow)
        {
            if (ReferenceEquals(own, at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>OBJ-PAGES</c>: the resident list has as many pages as counted, each found by the hash, each inside the object.</summary>
    public static void CheckPages(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        foreach (VmObject each in system.Objects.All)
        {
            int resident = 0;
            foreach ((ulong index, PageFrameNumber frame) in each.ResidentPages)
            {
                resident++;
                bool isFound = each.TryGetPage(index, out PageFrameNumber found) && found == frame;
                Rule.Holds(isFound, "OBJ-PAGES", new PageSubject(each, index), $"frame {frame} by the hash", found);
                bool isInside = !each.IsAnonymous || index < each.SizePages;
                Rule.Holds(isInside, "OBJ-PAGES", new PageSubject(each, index), $"an index below {each.SizePages}", index);
            }

            Rule.Equal(resident, each.ResidentCount, "OBJ-PAGES", each, "resident pages");
        }
    }

    private static IEnumerable<VmMapEntry> Entries(VmMap map)
    {
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            yield return entry;
        }
    }

    private static void Count(Dictionary<VmObject, int> references, VmObject? to)
    {
        if (to is not null)
        {
            references[to] = references.GetValueOrDefault(to) + 1;
        }
    }
}
