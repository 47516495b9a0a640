namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Moves all that is mapped in a range to a free range of equal length elsewhere, with its pages; holes stay holes. Source: Linux
    /// <c>mremap</c>, <c>move_vma</c>.
    /// </summary>
    /// <returns>NoSpace if the target is not free, InvalidAddress if it is outside the bounds; nothing has changed then.</returns>
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

        VmMapEntry? entry = ClipRange(from);
        VirtualAddress end = from.End;
        while (entry is not null && entry.Start < end)
        {
            VmMapEntry? next = entry.Next;
            MoveEntry(entry, to + (entry.Start - from.Start));
            entry = next;
        }

        SimplifyByPolicy(target);
        _system.OperationDone();
        return VmStatus.Success;
    }

    private void MoveEntry(VmMapEntry entry, VirtualAddress to)
    {
        AddressRange old = entry.Range;
        PmapMapping[] wired = entry.IsWired ? [.. _space.Pmap.Mappings(old)] : [];
        if (wired.Length > 0)
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
        // Locked pages that were mapped are mapped again at once; a load brings back what was there and copies nothing.
        foreach (PmapMapping mapping in wired)
        {
            _system.Fault(_space, to + (mapping.Address - old.Start), entry.HarmlessAccess);
        }
    }
}
