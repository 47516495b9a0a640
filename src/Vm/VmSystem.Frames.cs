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
        Pmaps.PageProtect(frame, Protection.None);
        ref VmPage page = ref Pages[frame];
        while (page.WireCount > 0)
        {
            Pages.Queues.Unwire(frame);
        }
    }
}
