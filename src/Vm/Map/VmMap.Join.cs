namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Joins neighbours that are alike in everything and see one continuous layer, within a range and with what touches it.
    /// Source: FreeBSD <c>vm_map_simplify_entry</c>.
    /// </summary>
    public void Simplify(AddressRange range)
    {
        VmMapEntry? entry = FirstFrom(range.Start);
        while (entry is not null && entry.Start <= range.End)
        {
            entry = TryJoinWithPrevious(entry).Next;
        }
    }

    private void SimplifyByPolicy(AddressRange range)
    {
        if (_system.Policy.JoinEntries)
        {
            Simplify(range);
        }
    }

    private void JoinAround(VmMapEntry entry)
    {
        if (_system.Policy.JoinEntries)
        {
            entry = TryJoinWithPrevious(entry);
            if (entry.Next is { } next)
            {
                TryJoinWithPrevious(next);
            }
        }
    }

    // Returns the entry that holds the given one's pages afterwards.
    private VmMapEntry TryJoinWithPrevious(VmMapEntry entry)
    {
        VmMapEntry? front = entry.Previous;
        if (front is null || front.End != entry.Start || !AreAlike(front, entry) || !_system.Anonymous.TryJoin(front, entry))
        {
            return entry;
        }

        Unlink(entry);
        SizeBytes += entry.Range.LengthBytes;
        front.End = entry.End;
        front.IsWiredOnFault |= entry.IsWiredOnFault;
        front.WriteReported &= entry.WriteReported;
        _index.Resized(front);
        Recycle(entry);
        return front;
    }

    private static bool AreAlike(VmMapEntry a, VmMapEntry b) =>
        a.Protection == b.Protection && a.MaxProtection == b.MaxProtection && a.Inheritance == b.Inheritance
        && a.IsShared == b.IsShared && a.CopyOnWrite == b.CopyOnWrite && a.NeedsCopy == b.NeedsCopy && a.SharesUpper == b.SharesUpper
        && a.IsWired == b.IsWired && a.Advice == b.Advice && !a.GrowsDown && !b.GrowsDown;
}
