namespace BsdVm;

/// <summary>Refuses one request for frames, whatever is free: a failure of memory at a point of a test's choice.</summary>
/// <param name="inner">Serves all other requests.</param>
public sealed class FailingFrameAllocator(FrameAllocator inner) : FrameAllocator
{
    /// <summary>Requests so far, of faults and of page tables, those that failed included.</summary>
    public long RequestCount { get; private set; }

    /// <summary>The number of the request to refuse, counted from 1 as <see cref="RequestCount"/> does; 0 for none.</summary>
    public long FailRequest { get; set; }

    /// <inheritdoc/>
    public override int FreeCount => inner.FreeCount;

    /// <inheritdoc/>
    public override bool TryAllocate(out PageFrameNumber frame)
    {
        frame = default;
        return ++RequestCount != FailRequest && inner.TryAllocate(out frame);
    }

    /// <inheritdoc/>
    public override bool TryAllocateAt(PageFrameNumber wanted, out PageFrameNumber frame)
    {
        frame = default;
        return ++RequestCount != FailRequest && inner.TryAllocateAt(wanted, out frame);
    }

    /// <inheritdoc/>
    public override bool TryAllocateRun(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
    {
        first = default;
        return ++RequestCount != FailRequest && inner.TryAllocateRun(count, alignment, below, out first);
    }

    /// <inheritdoc/>
    public override void Free(PageFrameNumber frame) => inner.Free(frame);
}
