namespace BsdVm;

/// <summary>
/// Pages of a file. A page behind the file's end is out of range; the tail of the last page reads as zeros and is never written back.
/// Source: 4.4BSD <c>vnode_pager.c</c>.
/// </summary>
public sealed class VnodePager : Pager
{
    private readonly Vnode _vnode;
    private readonly Scheduler _scheduler;

    internal VnodePager(Vnode vnode, Scheduler scheduler)
    {
        _vnode = vnode;
        _scheduler = scheduler;
    }

    /// <inheritdoc/>
    public override string Kind => "vnode";

    /// <summary>Ticks of the scheduler that a page-in takes; 0 completes at once.</summary>
    public long LatencyTicks { get; set; }

    /// <inheritdoc/>
    public override PagerLookup HasPage(ulong index) =>
        index < PageSize.Base.RoundUp(_vnode.SizeBytes) / PageSize.BaseBytes ? PagerLookup.Present : PagerLookup.OutOfRange;

    /// <inheritdoc/>
    public override PagerStatus GetPage(PagerTransfer transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        if (LatencyTicks == 0)
        {
            return Get(transfer);
        }

        _scheduler.After(LatencyTicks, () => transfer.Complete(Get(transfer)));
        return PagerStatus.Pending;
    }

    /// <inheritdoc/>
    public override PagerStatus PutPage(ulong index, PhysicalMemory memory, PageFrameNumber frame)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _vnode.Store.WritePage(index, memory.Frame(frame));
        return PagerStatus.Done;
    }

    // The store is asked when the transfer happens, not when it was asked for: a write to the file in between is in the page.
    private PagerStatus Get(PagerTransfer transfer)
    {
        _vnode.Store.ReadPage(transfer.Index, transfer.Memory, transfer.Frame);
        return PagerStatus.Done;
    }
}
