namespace BsdVm;

/// <summary>Rules of one map. Source: the appendix of 4.4BSD's own assertions, FreeBSD <c>_vm_map_assert_consistent</c>.</summary>
public static class MapInvariants
{
    /// <summary>Checks all of them.</summary>
    public static void Check(VmMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        CheckOrder(map);
        CheckSize(map);
        CheckRights(map);
        CheckCopy(map);
        map.Index.CheckStructure();
    }

    /// <summary><c>MAP-ORDER</c>: entries are sorted, disjoint, not empty, page aligned, linked both ways, inside the bounds.</summary>
    public static void CheckOrder(VmMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        VmMapEntry? previous = null;
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            Rule.Holds(entry.Start < entry.End, "MAP-ORDER", entry.Start, "an entry that is not empty", entry.End);
            Rule.Holds(entry.Range.IsAligned(PageSize.Base), "MAP-ORDER", entry, "page alignment", entry.End);
            bool isLinked = ReferenceEquals(entry.Previous, previous);
            Rule.Holds(isLinked, "MAP-ORDER", entry, "a link back to the entry below", "another one");
            VirtualAddress below = previous?.End ?? map.Bounds.Start;
            Rule.Holds(below <= entry.Start, "MAP-ORDER", entry, "a start at or above the end of the entry below", below);
            bool isInside = map.Bounds.Contains(entry.Start) && map.Bounds.Contains(entry.End - 1);
            Rule.Holds(isInside, "MAP-ORDER", entry, $"a place in {map.Bounds}", entry.End);
            previous = entry;
        }
    }

    /// <summary><c>MAP-SIZE</c>: count and size are those of the entries.</summary>
    public static void CheckSize(VmMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        int count = 0;
        ulong size = 0;
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            count++;
            size += entry.Range.LengthBytes;
        }

        Rule.Equal(count, map.Count, "MAP-SIZE", map.Bounds, "entries");
        Rule.Equal((long)size, (long)map.SizeBytes, "MAP-SIZE", map.Bounds, "bytes");
    }

    /// <summary><c>MAP-RIGHTS</c>: an entry's rights are within its maximum.</summary>
    public static void CheckRights(VmMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            bool isWithin = entry.MaxProtection.Allows(entry.Protection);
            Rule.Holds(isWithin, "MAP-RIGHTS", entry, $"rights within {entry.MaxProtection}", entry.Protection);
        }
    }

    /// <summary><c>MAP-COPY</c>: needs-copy implies copy-on-write, and a shared entry has an object and needs no copy.</summary>
    public static void CheckCopy(VmMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        for (VmMapEntry? entry = map.First; entry is not null; entry = entry.Next)
        {
            Rule.Holds(!entry.NeedsCopy || entry.CopyOnWrite, "MAP-COPY", entry, "copy-on-write where a copy is needed", "none");
            bool isReached = !entry.IsShared || (entry.Object is not null && !entry.NeedsCopy);
            Rule.Holds(isReached, "MAP-COPY", entry, "an object and no copy for a shared entry", "otherwise");
        }
    }
}
