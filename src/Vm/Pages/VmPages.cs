namespace BsdVm;

/// <summary>
/// The frames of a machine and the pages in them: who has a frame (<see cref="Frames"/>), which page of an object it holds (the page hash),
/// and when its turn to be paged out comes (the queues). Frames are numbers into one array of structs, links are numbers, 0 is none:
/// frame 0 is never used. Source: 4.4BSD <c>vm_page.c</c>.
/// </summary>
public sealed class VmPages
{
    private readonly VmPage[] _pages;
    private readonly FreeListAllocator _list;

    /// <summary>All frames of a machine, free.</summary>
    /// <param name="frameCount">How many, at least 4.</param>
    /// <param name="blockFrames">Frames of a block that can be reserved; 0 for no reservations. Else the upper half of memory is for
    /// them.</param>
    /// <param name="decorate">Puts in front of the frame allocator whatever is wanted there.</param>
    internal VmPages(int frameCount, int blockFrames, Func<FrameAllocator, FrameAllocator> decorate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 4);
        int half = blockFrames == 0 ? frameCount : ((frameCount / 2) + blockFrames - 1) / blockFrames * blockFrames;
        _pages = new VmPage[frameCount];
        _pages[0].Use = FrameUse.Reserved;
        _pages[ZeroFrame.Value].Use = FrameUse.Reserved;
        _list = new FreeListAllocator(_pages, (int)ZeroFrame.Value + 1, Math.Min(frameCount, half));
        Frames = decorate(_list);
        Hash = new PageHash(_pages);
        Queues = new PageQueues(_pages);
    }

    /// <summary>The frame that every read of untouched anonymous memory may share. Nobody ever writes it.</summary>
    public static PageFrameNumber ZeroFrame => new(1);

    /// <summary>Hands frames out.</summary>
    public FrameAllocator Frames { get; }

    /// <summary>All frames, the two reserved ones included.</summary>
    public int TotalCount => _pages.Length;

    /// <summary>Frames that nobody has.</summary>
    public int FreeCount => _list.FreeCount;

    /// <summary>Frames with at least one wired mapping.</summary>
    public int WiredCount => Queues.WiredCount;

    /// <summary>Frames of page tables.</summary>
    public int TableCount { get; internal set; }

    /// <summary>Pages on the active queue.</summary>
    public int ActiveCount => Queues.ActiveCount;

    /// <summary>Pages on the inactive queue.</summary>
    public int InactiveCount => Queues.InactiveCount;

    /// <summary>Which frame holds a page of an object.</summary>
    internal PageHash Hash { get; }

    /// <summary>The paging queues.</summary>
    internal PageQueues Queues { get; }

    /// <summary>The frames in use but for the two reserved ones, in no order.</summary>
    internal ReadOnlySpan<int> Used => _list.Used;

    /// <summary>The first frame that reservations are made of.</summary>
    internal int ReservableStart => _list.ReservableStart;

    internal ref VmPage this[PageFrameNumber frame] => ref _pages[frame.Value];

    internal ref VmPage this[int frame] => ref _pages[frame];

    /// <summary>What a frame is used for.</summary>
    public FrameUse UseOf(PageFrameNumber frame) => _pages[frame.Value].Use;

    /// <summary>The queue a frame's page is on.</summary>
    public PageQueue QueueOf(PageFrameNumber frame) => _pages[frame.Value].Queue;

    /// <summary>How many wired mappings a frame has.</summary>
    public int WireCountOf(PageFrameNumber frame) => _pages[frame.Value].WireCount;

    /// <summary>Whether a transfer is in progress.</summary>
    public bool IsBusy(PageFrameNumber frame) => _pages[frame.Value].Busy;

    /// <summary>The frames of a queue, head (next to be looked at) first.</summary>
    public IEnumerable<PageFrameNumber> Queue(PageQueue queue)
    {
        for (int frame = Queues.HeadOf(queue); frame != 0; frame = _pages[frame].QueueNext)
        {
            yield return new((ulong)frame);
        }
    }
}
