namespace BsdVm;

/// <summary>
/// All frames of the machine, and which of them are free. Frames that were freed are on a list, last freed first; frames that were never
/// used, and those that reservations are made of, are on none. Source: 4.4BSD <c>vm_page_alloc</c>, <c>vm_page_free</c>.
/// </summary>
internal sealed class FreeListAllocator : FrameAllocator
{
    private readonly VmPage[] _pages;

    // The frames in use, in no order, so that checks look at these alone. VmPage.UsedPlace says where each stands.
    private readonly int[] _used;
    private int _usedCount;

    // Frames from here up were never used; below it free frames are on a doubly linked list.
    private int _firstUntouched;
    private int _freeHead;

    // Where the search for a reservable frame that anybody may take goes on, downwards.
    private int _lastReservable;

    /// <summary>The frames of an array, free but for the first ones.</summary>
    /// <param name="pages">The frames.</param>
    /// <param name="firstFree">The lowest frame that may be taken.</param>
    /// <param name="reservableStart">Frames from here up are for reservations as long as there are others.</param>
    public FreeListAllocator(VmPage[] pages, int firstFree, int reservableStart)
    {
        _pages = pages;
        _used = new int[pages.Length - firstFree];
        _firstUntouched = firstFree;
        _lastReservable = pages.Length - 1;
        ReservableStart = reservableStart;
    }

    /// <summary>The first frame that reservations are made of; they are on no list while they are free.</summary>
    public int ReservableStart { get; }

    /// <summary>The frames in use, in no order.</summary>
    public ReadOnlySpan<int> Used => _used.AsSpan(0, _usedCount);

    /// <inheritdoc/>
    public override int FreeCount => _used.Length - _usedCount;

    /// <inheritdoc/>
    public override bool TryAllocate(out PageFrameNumber frame)
    {
        if (_usedCount == _used.Length)
        {
            frame = default;
            return false;
        }

        int number = _freeHead;
        if (number != 0)
        {
            Unlink(number);
        }
        else if (_firstUntouched < ReservableStart)
        {
            number = _firstUntouched++;
        }
        else
        {
            number = AnyReservable();
        }

        Take(number);
        frame = new((ulong)number);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryAllocateAt(PageFrameNumber wanted, out PageFrameNumber frame)
    {
        if (_pages[wanted.Value].Use != FrameUse.Free)
        {
            return TryAllocate(out frame);
        }

        frame = wanted;
        Take((int)wanted.Value);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryAllocateRun(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
    {
        int limit = FreeCount < count ? 0 : (int)Math.Min((ulong)ReservableStart, below.Value);
        for (int start = alignment; start + count <= limit; start += alignment)
        {
            if (IsFreeRun(start, count))
            {
                TakeRun(start, count);
                first = new((ulong)start);
                return true;
            }
        }

        first = default;
        return false;
    }

    /// <inheritdoc/>
    public override void Free(PageFrameNumber frame)
    {
        int number = (int)frame.Value;
        ref VmPage page = ref _pages[number];
        int last = _used[--_usedCount];
        _used[page.UsedPlace] = last;
        _pages[last].UsedPlace = page.UsedPlace;
        page = default;
        if (number < ReservableStart)
        {
            Link(number);
        }
    }

    // Some frame is free, and none below.
    private int AnyReservable()
    {
        while (_pages[_lastReservable].Use != FrameUse.Free)
        {
            _lastReservable = _lastReservable > ReservableStart ? _lastReservable - 1 : _pages.Length - 1;
        }

        return _lastReservable;
    }

    private bool IsFreeRun(int start, int count)
    {
        for (int frame = start; frame < start + count; frame++)
        {
            if (_pages[frame].Use != FrameUse.Free)
            {
                return false;
            }
        }

        return true;
    }

    // Never-used frames below the run's end go to the free list first, so that the run can be taken out of it.
    private void TakeRun(int start, int count)
    {
        for (; _firstUntouched < start + count; _firstUntouched++)
        {
            Link(_firstUntouched);
        }

        for (int frame = start; frame < start + count; frame++)
        {
            Unlink(frame);
            Take(frame);
        }
    }

    private void Link(int frame)
    {
        _pages[frame].QueueNext = _freeHead;
        if (_freeHead != 0)
        {
            _pages[_freeHead].QueuePrevious = frame;
        }

        _freeHead = frame;
    }

    private void Unlink(int frame)
    {
        ref VmPage page = ref _pages[frame];
        if (page.QueuePrevious != 0)
        {
            _pages[page.QueuePrevious].QueueNext = page.QueueNext;
        }
        else
        {
            _freeHead = page.QueueNext;
        }

        if (page.QueueNext != 0)
        {
            _pages[page.QueueNext].QueuePrevious = page.QueuePrevious;
        }
    }

    private void Take(int frame)
    {
        ref VmPage page = ref _pages[frame];
        page = default;
        page.Use = FrameUse.Loose;
        page.UsedPlace = _usedCount;
        _used[_usedCount++] = frame;
    }
}
