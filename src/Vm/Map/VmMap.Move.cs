namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Moves all that is mapped in a range to a free range of equal length elsewhere, with its pages; holes stay holes. Source: Linux
    /// <c>mremap</c>, <c>move_vma</c>.
    /// </summary>
    /// <returns>
    /// NoSpace if the target is not free, InvalidAddress if it is outside the bounds, ResourceShortage if there is no frame for the
    /// tables of locked pages there; nothing has changed then.
    /// </returns>
    public VmStatus Move(AddressRange from, VirtualAddress to)
    {
        CheckRange(from);
        var target = new AddressRange(to, from.LengthBytes);
        CheckRange(target);
        if (!Bounds.Contains(target.Start) || !Bounds.Contains(target.Last))
        {
            return VmStatus.InvalidAddress;
        }

        if (!IsFree(target))
        {
            return VmStatus.NoSpace;
        }

        VmMapEntry? first = ClipRange(from);
        if (!TryMapAhead(first, from, target))
        {
            SimplifyByPolicy(from);
            return VmStatus.ResourceShortage;
        }

        VirtualAddress end = from.End;
        for (VmMapEntry? entry = first; entry is not null && entry.Start < end;)
        {
            VmMapEntry? next = entry.Next;
            MoveEntry(entry, to + (entry.Start - from.Start));
            entry = next;
        }

        SimplifyByPolicy(target);
        _system.OperationDone();
        return VmStatus.Success;
    }

    // Locked pages are mapped at the new place before they leave the old one: a table that has no frame is found out while nothing has
    // changed. What is there maps no address of an entry yet, so no access can use it.
    private bool TryMapAhead(VmMapEntry? first, AddressRange from, AddressRange target)
    {
        for (VmMapEntry? entry = first; entry is not null && entry.Start < from.End; entry = entry.Next)
        {
            if (entry.IsWired && !TryMapAhead(entry, from, target.Start))
            {
                UnwireMappings(target);
                _space.Pmap.Remove(target);
                _system.Pmaps.Update();
                return false;
            }
        }

        return true;
    }

    private bool TryMapAhead(VmMapEntry entry, AddressRange from, VirtualAddress to)
    {
        foreach (PmapMapping mapping in _space.Pmap.Mappings(entry.Range))
        {
            VirtualAddress place = to + (mapping.Address - from.Start);
            if ((mapping.Flags & PmapFlags.Wired) != 0
                && !_space.TryEnter(place, mapping.Frame, mapping.Rights, entry.HarmlessAccess, wired: true))
            {
                return false;
            }
        }

        return true;
    }

    private void MoveEntry(VmMapEntry entry, VirtualAddress to)
    {
        AddressRange old = entry.Range;
        if (entry.IsWired)
        {
            UnwireMappings(old);
        }

        // The old mappings must be gone on every processor before the new place can lose a page (CVE-2018-18281).
        _space.Pmap.Remove(old);
        _system.Pmaps.Update();
        Unlink(entry);
        entry.Start = to;
        entry.End = to + old.LengthBytes;
        Link(entry, _index.FindAtOrBelow(to));
        _space.MoveTouched(old, to);
    }
}
