namespace BsdVm;

public sealed partial class VmSystem
{
    /// <summary>
    /// Writes the page of anonymous memory in a frame to its pager and frees the frame. Source: one step of 4.4BSD <c>vm_pageout_scan</c>.
    /// </summary>
    /// <returns>False if the frame holds no such page, is wired, in a transfer, or cannot be written; it stays then.</returns>
    public bool TryPageOut(PageFrameNumber frame) => Anonymous.TryPageOut(frame);

    /// <summary>Pages of anonymous memory that pagers hold, those that are in memory too included.</summary>
    public int StoredPageCount
    {
        get
        {
            int count = Anonymous.StoredCount;
            foreach (VmObject each in Objects.All)
            {
                count += (each.Pager as AnonymousPager)?.Count ?? 0;
            }

            return count;
        }
    }

    /// <summary>The same for a page of an object.</summary>
    internal bool TryPageOutObjectPage(PageFrameNumber frame)
    {
        ref VmPage page = ref Pages[frame];
        if (page.Use != FrameUse.Object || page.Busy || page.WireCount != 0 || !Objects[page.Object].IsAnonymous)
        {
            return false;
        }

        VmObject owner = Objects[page.Object];
        UnmapEverywhere(frame);
        Pmaps.Update();
        owner.Pager ??= CreateAnonymousPager();
        if (!TryPutPage(owner.Pager, page.Index, frame))
        {
            return false;
        }

        owner.FreePage(frame);
        return true;
    }

    /// <summary>
    /// Writes an unmapped page to its pager. Where that fails the page stays in memory, and dirty: nothing else has its bytes.
    /// </summary>
    internal bool TryPutPage(Pager pager, ulong index, PageFrameNumber frame)
    {
        bool written = pager.PutPage(index, Machine.Memory, frame) == PagerStatus.Done;
        if (written)
        {
            Counters.PageOut++;
        }
        else
        {
            Pages[frame].Clean = false;
        }

        return written;
    }

    /// <summary>
    /// Brings a stored page into memory and waits for it, or for the transfer that is under way. False if there is no frame or the pager
    /// fails; the failure of somebody else's transfer is left to the next try.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing will ever end the transfer: a deadlock.</exception>
    internal bool TryBringIn(in FaultPage stored)
    {
        if (stored.Where == PageWhere.Busy)
        {
            WaitWhileBusy(stored.Frame);
            return true;
        }

        if (!Pages.Frames.TryAllocate(out PageFrameNumber frame))
        {
            return false;
        }

        var transfer = new PagerTransfer();
        Anonymous.BeginPageIn(in stored, frame);
        transfer.Start(stored.Index, frame, Machine.Memory, EndTransfer);
        PagerStatus status = stored.Pager!.GetPage(transfer);
        if (status != PagerStatus.Pending)
        {
            transfer.Complete(status);
        }

        while (transfer.Status == PagerStatus.Pending)
        {
            RunStepFor(frame);
        }

        return transfer.Status == PagerStatus.Done;
    }

    private void WaitWhileBusy(PageFrameNumber frame)
    {
        while (Pages[frame].Busy)
        {
            RunStepFor(frame);
        }
    }

    private void RunStepFor(PageFrameNumber frame)
    {
        if (!Machine.Scheduler.RunStep())
        {
            throw new InvalidOperationException($"Deadlock: nothing will end the transfer into frame {frame}.");
        }
    }
}
