namespace BsdVm;

/// <summary>An address space: what is mapped, how this machine maps it, and what it cost. Source: 4.4BSD <c>struct vmspace</c>.</summary>
public sealed partial class VmSpace
{
    internal VmSpace(VmSystem system, Pmap pmap, VmMapIndex index, AddressRange bounds)
    {
        System = system;
        Pmap = pmap;
        Map = new VmMap(this, index, bounds);
    }

    /// <summary>The system that it belongs to.</summary>
    public VmSystem System { get; }

    /// <summary>What is mapped.</summary>
    public VmMap Map { get; }

    /// <summary>How this machine maps it.</summary>
    public Pmap Pmap { get; }

    /// <summary>Faults that needed no pager. Source: getrusage <c>ru_minflt</c>.</summary>
    public long MinorFaults { get; internal set; }

    /// <summary>Faults that waited for a pager. Source: getrusage <c>ru_majflt</c>.</summary>
    public long MajorFaults { get; internal set; }

    /// <summary>Makes it the address space of a processor.</summary>
    public void Activate(Cpu cpu) => System.Pmaps.Activate(Pmap, cpu);

    /// <summary>Ends it: every mapping, then the pmap. Source: <c>vmspace_free</c>.</summary>
    public void Destroy()
    {
        Map.Remove(Map.Bounds);
        System.Forget(this);
        System.Pmaps.Destroy(Pmap);
        System.OperationDone();
    }

    /// <summary>Maps a page and keeps the page's count of wired mappings. False without a change if a table has no frame.</summary>
    internal bool TryEnter(VirtualAddress page, PageFrameNumber frame, Protection rights, AccessKind access, bool wired)
    {
        if (Pmap.Prepare(page) != PmapStatus.Success)
        {
            return false;
        }

        bool wasWired = false;
        if (wired && Pmap.TryExtract(page, out PmapMapping old) && (old.Flags & PmapFlags.Wired) != 0)
        {
            if (old.Frame == frame)
            {
                wasWired = true;
            }
            else
            {
                System.Pages.Queues.Unwire(old.Frame);
            }
        }

        Pmap.Enter(page, frame, rights, access, wired);
        if (wired && !wasWired)
        {
            System.Pages.Queues.Wire(frame);
        }

        return true;
    }

    /// <summary>Takes the mapping of one page away, on every processor.</summary>
    internal void UnmapPage(VirtualAddress page)
    {
        if (Pmap.TryExtract(page, out PmapMapping old))
        {
            if ((old.Flags & PmapFlags.Wired) != 0)
            {
                System.Pages.Queues.Unwire(old.Frame);
            }

            Pmap.Remove(new AddressRange(page, PageSize.BaseBytes));
            System.Pmaps.Update();
        }
    }
}
