namespace BsdVm;

/// <summary>
/// All frames of the machine: the free list, the global (object, index) to page hash, each object's list of resident pages, and the
/// paging queues. Frames are numbers into one array of structs, links are numbers, 0 is none: frame 0 is never used.
/// Source: 4.4BSD <c>vm_page.c</c>.
/// </summary>
public sealed partial class VmPages
{
    private readonly VmPage[] _pages;
    private readonly int[] _buckets;
    private readonly PmapSystem _pmaps;

    /// <summary>All frames of a machine, free.</summary>
    /// <param name="frameCount">How many.</param>
    /// <param name="blockFrames">Frames of a block that can be reserved; 0 for no reservations. Else the upper half of memory is for them.</param>
    /// <param name="createPmaps">Makes the pmaps over the frames.</param>
    internal VmPages(int frameCount, int blockFrames, Func<IFrameSource, PmapSystem> createPmaps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 4);
        ReservableStart = blockFrames == 0 ? frameCount : Math.Min(frameCount, ((frameCount / 2) + blockFrames - 1) / blockFrames * blockFrames);
        _lastReservable = frameCount - 1;
        _pages = new VmPage[frameCount];
        _buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)frameCount)];
        _pages[0].Use = FrameUse.Reserved;
        _pages[(int)ZeroFrame.Value].Use = FrameUse.Reserved;
        _firstUntouched = (int)ZeroFrame.Value + 1;
        FreeCount = frameCount - _firstUntouched;
        _pmaps = createPmaps(new TableFrameSource(this));
        _pmaps.SetUnmanaged(ZeroFrame);
    }

    /// <summary>The frame that every read of untouched anonymous memory may share. Nobody ever writes it.</summary>
    public static PageFrameNumber ZeroFrame => new(1);

    /// <summary>All frames, the two reserved ones included.</summary>
    public int TotalCount => _pages.Length;

    /// <summary>Frames on the free list.</summary>
    public int FreeCount { get; private set; }

    /// <summary>Frames with at least one wired mapping.</summary>
    public int WiredCount { get; private set; }

    /// <summary>Frames of page tables.</summary>
    public int TableCount { get; private set; }

    /// <summary>The first frame that reservations are made of; they are on no list while they are free.</summary>
    internal int ReservableStart { get; }

    internal PmapSystem Pmaps => _pmaps;

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

    /// <summary>Whether the page differs from what its pager holds, mappings' modified bits included.</summary>
    public bool IsDirty(PageFrameNumber frame) => !_pages[frame.Value].Clean || _pmaps.IsModified(frame);
}
