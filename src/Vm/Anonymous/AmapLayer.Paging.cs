namespace BsdVm;

public sealed partial class AmapLayer
{
    /// <inheritdoc/>
    public override int StoredCount => _anons.Pager.Count;

    /// <inheritdoc/>
    public override bool TryPageOut(PageFrameNumber frame)
    {
        ref VmPage page = ref System.Pages[frame];
        if (page.Busy || page.WireCount != 0)
        {
            return false;
        }

        if (page.Use == FrameUse.Anon)
        {
            return TryPutAndFree(page.Anon, frame);
        }

        return page.Use == FrameUse.Object && System.TryPageOutObjectPage(frame);
    }

    /// <inheritdoc/>
    public override void BeginPageIn(in FaultPage page, PageFrameNumber frame)
    {
        if (page.Anon == 0)
        {
            System.BeginObjectPageIn(in page, frame);
            return;
        }

        // The transfer holds the anon: a process that exits meanwhile does not end it.
        _anons.SetFrame(page.Anon, frame);
        _anons.Reference(page.Anon);
        System.Pages[frame].Busy = true;
    }

    /// <inheritdoc/>
    public override void EndPageIn(PageFrameNumber frame, bool succeeded)
    {
        ref VmPage page = ref System.Pages[frame];
        if (page.Use == FrameUse.Object)
        {
            System.EndObjectPageIn(frame, succeeded);
            return;
        }

        int anon = page.Anon;
        page.Busy = false;
        if (succeeded)
        {
            page.Clean = true;
            System.Pages.Queues.Activate(frame);
        }
        else
        {
            _anons.FreeFrame(anon, frame);
        }

        _anons.Release(anon);
    }

    private bool TryPutAndFree(int anon, PageFrameNumber frame)
    {
        System.UnmapEverywhere(frame);
        System.Pmaps.Update();
        if (!System.TryPutPage(_anons.Pager, (ulong)anon, frame))
        {
            return false;
        }

        _anons.FreeFrame(anon, frame);
        return true;
    }
}
