namespace BsdVm;

/// <summary>
/// Lets one page-in of a pager fail, as a bad block on a disk does: what a page brings is thrown away. Stands in front of a file's pager
/// with <see cref="Vnode.DecoratePager"/>, or of one of your own.
/// </summary>
/// <param name="inner">Does the work.</param>
public sealed class FailingPager(Pager inner) : Pager
{
    /// <inheritdoc/>
    public override string Kind => inner.Kind;

    /// <summary>Page-ins so far, those that failed included; each counts when its bytes are there, not when it was asked for.</summary>
    public long ReadCount { get; private set; }

    /// <summary>The number of the page-in that fails, counted from 1 as <see cref="ReadCount"/> does; 0 for none.</summary>
    public long FailRead { get; set; }

    /// <inheritdoc/>
    public override PagerLookup HasPage(ulong index) => inner.HasPage(index);

    /// <inheritdoc/>
    public override PagerStatus GetPage(PagerTransfer transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        var mine = new PagerTransfer();
        mine.Start(transfer.Index, transfer.Frame, transfer.Memory, done => transfer.Complete(Count(done.Status)));
        PagerStatus status = inner.GetPage(mine);
        return status == PagerStatus.Pending ? PagerStatus.Pending : Count(status);
    }

    /// <inheritdoc/>
    public override PagerStatus PutPage(ulong index, PhysicalMemory memory, PageFrameNumber frame) => inner.PutPage(index, memory, frame);

    /// <inheritdoc/>
    public override void FreePage(ulong index) => inner.FreePage(index);

    private PagerStatus Count(PagerStatus status) => ++ReadCount == FailRead ? PagerStatus.Error : status;
}
