namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Locks all that is mapped in a range in memory: every page is faulted in, private writable ones as by a store, and its mapping may
    /// not be forgotten. Pages without any right are marked only. Source: <c>vm_map_pageable</c>, <c>vm_fault_wire</c>.
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
                entry.IsWiredOnFault = true;
                status = WirePages(entry.Range, entry);
                entry.IsWiredOnFault = status != VmStatus.Success;
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
    /// Marks all that is mapped in a range as locked without bringing pages in; each is wired when it comes. Source: Linux
    /// <c>mlock_fixup</c>.
    /// </summary>
    public void MarkWired(AddressRange range)
    {
        CheckRange(range);
        for (VmMapEntry? entry = ClipRange(range); entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            entry.IsWiredOnFault |= !entry.IsWired;
            entry.IsWired = true;
        }

        SimplifyByPolicy(range);
        _system.OperationDone();
    }

    /// <summary>Brings the pages of a mapped range in, as <see cref="Wire"/> does. Source: Linux <c>__mm_populate</c>.</summary>
    /// <returns>Why a page could not be brought in; what was brought in before stays.</returns>
    public VmStatus Populate(AddressRange range)
    {
        CheckRange(range);
        VmStatus status = VmStatus.Success;
        VmMapEntry? first = ClipRange(range);
        for (VmMapEntry? entry = first; entry is not null && entry.Start < range.End && status == VmStatus.Success; entry = entry.Next)
        {
            status = WirePages(entry.Range, entry);
            entry.IsWiredOnFault &= status != VmStatus.Success;
        }

        SimplifyByPolicy(range);
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
                entry.IsWiredOnFault = false;
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

        if (_system.Policy.PopulatesReadableOnly && !_system.Pmaps.Backend.Capabilities.Express(entry.Protection).Allows(Protection.Read))
        {
            return VmStatus.ProtectionFailure;
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

    /// <summary>
    /// Unwires the mappings of a range that have no right in common with <paramref name="kept"/>: a reduction to it takes them away, and
    /// their pages' wirings must go with them. A later fault brings both back. Tells whether there were any.
    /// </summary>
    internal bool UnwireLostMappings(AddressRange range, Protection kept)
    {
        bool any = false;
        foreach (PmapMapping mapping in _space.Pmap.Mappings(range))
        {
            if ((mapping.Flags & PmapFlags.Wired) != 0 && (mapping.Rights & kept) == Protection.None)
            {
                Unwire(in mapping);
                any = true;
            }
        }

        return any;
    }

    private void UnwireMappings(AddressRange range)
    {
        foreach (PmapMapping mapping in _space.Pmap.Mappings(range))
        {
            if ((mapping.Flags & PmapFlags.Wired) != 0)
            {
                Unwire(in mapping);
            }
        }
    }

    private void Unwire(in PmapMapping mapping)
    {
        _space.Pmap.ChangeWiring(mapping.Address, false);
        _system.Pages.Queues.Unwire(mapping.Frame);
    }
}
