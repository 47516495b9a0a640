namespace BsdVm;

/// <summary>
/// Hands out the frames of a machine. <see cref="FreeListAllocator"/> has them; others stand in front of one and decide what it is asked
/// for, see <see cref="VmConfiguration.DecorateFrames"/>. Frames that are taken have the use <see cref="FrameUse.Loose"/> and are not
/// cleared.
/// </summary>
public abstract class FrameAllocator
{
    /// <summary>Frames that nobody has.</summary>
    public abstract int FreeCount { get; }

    /// <summary>Takes one frame. False if none is free. Source: 4.4BSD <c>vm_page_alloc</c>.</summary>
    public abstract bool TryAllocate(out PageFrameNumber frame);

    /// <summary>Takes the frame that is wanted if it is free, else any other. False if none is free.</summary>
    public abstract bool TryAllocateAt(PageFrameNumber wanted, out PageFrameNumber frame);

    /// <summary>Takes adjacent frames. False if no free run of that kind is found.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="alignment">The first frame's number is a multiple of this power of two.</param>
    /// <param name="below">All of them lie below this frame.</param>
    /// <param name="first">The lowest of them.</param>
    public abstract bool TryAllocateRun(int count, int alignment, PageFrameNumber below, out PageFrameNumber first);

    /// <summary>
    /// Gives back a frame that is in no object and on no queue, and that no TLB can reach any more. Source: 4.4BSD <c>vm_page_free</c>.
    /// </summary>
    public abstract void Free(PageFrameNumber frame);
}
