namespace BsdVm;

/// <summary>Lets a frame go back only when no invalidation is owed: rule <c>TLB-OWED</c>.</summary>
internal sealed class CheckedFrameAllocator(FrameAllocator inner, VmSystem system) : FrameAllocator
{
    /// <inheritdoc/>
    public override int FreeCount => inner.FreeCount;

    /// <inheritdoc/>
    public override bool TryAllocate(out PageFrameNumber frame) => inner.TryAllocate(out frame);

    /// <inheritdoc/>
    public override bool TryAllocateAt(PageFrameNumber wanted, out PageFrameNumber frame) => inner.TryAllocateAt(wanted, out frame);

    /// <inheritdoc/>
    public override bool TryAllocateRun(int count, int alignment, PageFrameNumber below, out PageFrameNumber first) =>
        inner.TryAllocateRun(count, alignment, below, out first);

    /// <inheritdoc/>
    public override void Free(PageFrameNumber frame)
    {
        PageInvariants.CheckDelivered(system, frame, "freed");
        inner.Free(frame);
    }
}
