namespace BsdVm;

/// <summary>Where page-table frames come from. Vm implements it over its free list; memory can run out at any call.</summary>
public interface IFrameSource
{
    /// <summary>Takes adjacent frames. Their contents are whatever they were.</summary>
    /// <param name="count">How many, at least 1 (ARM's first level takes four, a hash table thousands).</param>
    /// <param name="alignment">The first frame's number is a multiple of this power of two.</param>
    /// <param name="below">All of them lie below this frame (a 32-bit entry reaches 4 GB).</param>
    /// <param name="first">The lowest of them.</param>
    bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first);

    /// <summary>Gives frames back that were taken together.</summary>
    void Free(PageFrameNumber first, int count);
}
