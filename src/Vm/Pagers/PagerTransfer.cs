namespace BsdVm;

/// <summary>
/// One page on its way from a pager into a busy frame. It is the pager's until it is complete, and used again for other pages afterwards.
/// </summary>
public sealed class PagerTransfer
{
    private Action<PagerTransfer>? _completed;

    /// <summary>The page's index in the pager's object.</summary>
    public ulong Index { get; internal set; }

    /// <summary>Where it goes.</summary>
    public PageFrameNumber Frame { get; internal set; }

    /// <summary>The memory that holds the frame.</summary>
    public PhysicalMemory Memory { get; internal set; } = null!;

    /// <summary>Pending until it is complete.</summary>
    public PagerStatus Status { get; private set; }

    /// <summary>Ends a pending transfer.</summary>
    public void Complete(PagerStatus status)
    {
        Status = status;
        _completed?.Invoke(this);
    }

    internal void Start(ulong index, PageFrameNumber frame, PhysicalMemory memory, Action<PagerTransfer> completed)
    {
        Index = index;
        Frame = frame;
        Memory = memory;
        Status = PagerStatus.Pending;
        _completed = completed;
    }
}
