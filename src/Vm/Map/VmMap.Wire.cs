namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Locks all that is mapped in a range in memory: every page is faulted in, private writable ones as by a store, and its mapping may not
    /// be forgotten. Pages without any right are marked only. Source: <c>vm_map_pageable</c>, <c>vm_fault_wire</c>.
    /// </summary>
    /// <returns>Why a page could not be brought in; everything that this call locked is unlocked again then.</returns>
    public VmStatus Wire(AddressRange range)
    {
        CheckRange(range);
        var newlyWired = new List<AddressRange>();
        VmStatus status = VmStatus.Success;
        VmMapEntry? first = ClipRange(range);
        for (VmMapEntry? entry = first; entry is not null && entry.Start < range.End && status == VmStatus.Success; entry = entry.Next)
        {
            if (!entry.IsWired)
            {
                newlyWired.Add(entry.Range);
                entry.IsWired = true;
                status = WirePages(entry.Range, entry);
            }
        }

        if (status != VmStatus.Success)
        {
            newlyWired.ForEach(Unwire);
        }

        SimplifyByPolicy(range);
        _system.OperationDone();
        return status;
    }

    /// <summary>
    /// Locks all that is mapped in a range without bringing anything in: what is mapped by now is wired, the rest once it is faulted in.
    /// Source: Linux <c>apply_vma_lock_flags</c>.
    /// </summary>
    public void WireLazily(AddressRange range)
    {
        CheckRange(range);
        for (VmMapEntry? entry = ClipRange(range); entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            if (!entry.IsWired)
            {
                entry.IsWired = true;
                WireMappings(entry.Range);
            }
        }

        SimplifyByPolicy(range);
        _system.OperationDone();
    }

    /// <summary>
    /// Faults in every page of a range that is mapped without holes, private writable ones as by a store. Source: Linux <c>mm_populate</c>.
    /// </summary>
    /// <returns>Why a page could not be brought in; those ahead of it are in then.</returns>
    public VmStatus Populate(AddressRange range)
    {
        CheckRange(range);
        VmStatus status = VmStatus.Success;
        VmMapEntry? entry = FirstFrom(range.Start);
        for (; entry is not null && entry.Start < range.End && status == VmStatus.Success; entry = entry.Next)
        {
            status = WirePages(
                AddressRange.FromTo(entry.Start < range.Start ? range.Start : entry.Start, entry.End > range.End ? range.End : entry.End),
                entry);
        }

        _system.OperationDone();
        return status;
    }

    /// <summary>Unlocks all that is mapped in a range. Source: <c>vm_map_pageable</c>, <c>vm_fault_unwire</c>.</summary>
    public void Unwire(AddressRange range)
    {
        CheckRange(range);
        for (VmMapEntry? entry = ClipRange(range); entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            if (entry.IsWired)
            {
                entry.IsWired = false;
                UnwireMappings(entry.Range);
            }
        }

        SimplifyByPolicy(range);
        _system.OperationDone();
    }

    private VmStatus WirePages(AddressRange range, VmMapEntry entry)
    {
        if (entry.Protection == Protection.None)
        {
            return VmStatus.Success;
        }

        AccessKind access = entry.Protection.Allows(Protection.Write) && !entry.IsShared ? AccessKind.Write
            : entry.Protection.Allows(Protection.Read) ? AccessKind.Read
            : entry.Protection.Allows(Protection.Write) ? AccessKind.Write : AccessKind.Execute;
        for (VirtualAddress page = range.Start; page < range.End; page += PageSize.BaseBytes)
        {
            VmStatus status = _system.Fault(_space, page, access);
            if (status != VmStatus.Success)
            {
                return status;
            }
        }

        return VmStatus.Success;
    }

    // The shared page of zeros cannot be wired: where it stands for a page, the next fault brings a page of its own.
    private void WireMappings(AddressRange range)
    {
        foreach (PmapMapping mapping in _space.Pmap.Mappings(range).ToArray())
        {
            if (mapping.Frame == VmPages.ZeroFrame)
            {
                _space.UnmapPage(mapping.Address);
            }
            else
            {
                _space.Pmap.ChangeWiring(mapping.Address, true);
                _system.Pages.Wire(mapping.Frame);
            }
        }
    }

    private void UnwireMappings(AddressRange range)
    {
        foreach (PmapMapping mapping in _space.Pmap.Mappings(range))
        {
            if ((mapping.Flags & PmapFlags.Wired) != 0)
            {
                _space.Pmap.ChangeWiring(mapping.Address, false);
                _system.Pages.Unwire(mapping.Frame);
            }
        }
    }
}
