namespace BsdVm;

public sealed partial class VmSystem
{
    /// <summary>Whether the page in a frame differs from what its pager holds, mappings' modified bits included.</summary>
    public bool IsDirty(PageFrameNumber frame) => !Pages[frame].Clean || Pmaps.IsModified(frame);

    /// <summary>
    /// Gives a frame back that is in no object and on no queue. Owed invalidations are delivered first: no TLB can reach it any more.
    /// </summary>
    internal void FreeFrame(PageFrameNumber frame)
    {
        Pmaps.Update();
        Pages.Frames.Free(frame);
    }

    /// <summary>Makes an unwired page a candidate for reuse and forgets that it was used. Source: <c>vm_page_deactivate</c>.</summary>
    internal void Deactivate(PageFrameNumber frame)
    {
        if (Pages[frame].WireCount == 0)
        {
            Pmaps.ClearReference(frame);
            Pages.Queues.Deactivate(frame);
        }
    }

    /// <summary>Takes every mapping of a frame away, wired ones too, so none is wired any more.</summary>
    internal void UnmapEverywhere(PageFrameNumber frame)
    {
        if (Pages[frame].WireCount == 0)
        {
            Pmaps.PageProtect(frame, Protection.None);
            return;
        }

        foreach ((VmSpace space, VirtualAddress address) in UnmapWired(frame))
        {
            if (space.Map.Lookup(address) is { } entry)
            {
                entry.IsWiredOnFault = entry.IsWired;
            }
        }
    }

    /// <summary>
    /// Before a page is hidden by a copy in an upper layer that several maps reach: all its mappings go, so that each of them faults and
    /// finds the copy. Wired mappings are made again at once. Source: the global <c>pmap_page_protect</c> of 4.4BSD <c>vm_fault</c>,
    /// without which CVE-2021-29626 happened.
    /// </summary>
    internal void UnmapForCopy(PageFrameNumber frame)
    {
        if (Pages[frame].WireCount == 0)
        {
            Pmaps.PageProtect(frame, Protection.None);
            return;
        }

        foreach ((VmSpace space, VirtualAddress address) in UnmapWired(frame))
        {
            // It cannot fail: the copy is in memory, and the tables of the mapping that has just gone are still there.
            VmStatus status = Fault(space, address, space.Map.Lookup(address)!.HarmlessAccess);
            bool isBack = status == VmStatus.Success;
            Rule.Holds(isBack, "WIRE-MAPPED", $"pmap {space.Pmap.Id} at {address}", "the copy of a locked page", status);
        }
    }

    // Takes all mappings of a frame away and tells which of them were wired.
    private List<(VmSpace Space, VirtualAddress Address)> UnmapWired(PageFrameNumber frame)
    {
        var wired = new List<(VmSpace Space, VirtualAddress Address)>();
        foreach ((Pmap pmap, VirtualAddress address) in Pmaps.MappingsOf(frame))
        {
            if (pmap.TryExtract(address, out PmapMapping mapping) && (mapping.Flags & PmapFlags.Wired) != 0)
            {
                wired.Add((SpaceOf(pmap), address));
            }
        }

        Pmaps.PageProtect(frame, Protection.None);
        ref VmPage page = ref Pages[frame];
        while (page.WireCount > 0)
        {
            Pages.Queues.Unwire(frame);
        }

        return wired;
    }
}
