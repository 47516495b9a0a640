namespace BsdVm;

public sealed partial class VmPages
{
    // Frames from here up were never used; below it free frames are on a doubly linked list, last freed first.
    private int _firstUntouched;
    private int _freeHead;

    // Where the search for a reservable frame that anybody may take goes on, downwards.
    private int _lastReservable;

    /// <summary>Frame requests so far, of faults and of page tables, those that failed included.</summary>
    public long RequestCount { get; private set; }

    /// <summary>The number of the request that fails whatever is free, counted from 1; 0 for none. For failure tests.</summary>
    public long FailRequest { get; set; }

    /// <summary>Takes one frame, contents as they were. False if none is free. Source: <c>vm_page_alloc</c>.</summary>
    internal bool TryAllocate(out PageFrameNumber frame)
    {
        if (++RequestCount == FailRequest || FreeCount == 0)
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

        Take(number, FrameUse.Loose);
        frame = new((ulong)number);
        return true;
    }

    /// <summary>
    /// Gives a frame back that is in no object and on no queue. Owed invalidations are delivered first: no TLB can reach it any more.
    /// Source: <c>vm_page_free</c>.
    /// </summary>
    internal void Free(PageFrameNumber frame)
    {
        _pmaps.Update();
        ref VmPage page = ref this[frame];
        if (page.WireCount != 0)
        {
            WiredCount--;
        }

        page = default;
        if (frame.Value >= (ulong)ReservableStart)
        {
            FreeCount++;
            return;
        }

        page.QueueNext = _freeHead;
        if (_freeHead != 0)
        {
            _pages[_freeHead].QueuePrevious = (int)frame.Value;
        }

        _freeHead = (int)frame.Value;
        FreeCount++;
    }

    /// <summary>Takes one frame that can be reserved if it is free, else any other. False if none is free.</summary>
    internal bool TryAllocateAt(int wanted, out PageFrameNumber frame)
    {
        if (_pages[wanted].Use != FrameUse.Free)
        {
            return TryAllocate(out frame);
        }

        frame = new((ulong)wanted);
        if (++RequestCount == FailRequest)
        {
            return false;
        }

        Take(wanted, FrameUse.Loose);
        return true;
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

    private bool TryAllocateRun(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
    {
        first = default;
        if (++RequestCount == FailRequest || FreeCount < count)
        {
            return false;
        }

        int limit = (int)Math.Min((ulong)ReservableStart, below.Value);
        for (int start = alignment; start + count <= limit; start += alignment)
        {
            if (!IsFreeRun(start, count))
            {
                continue;
            }

            TouchUpTo(start + count);
            for (int frame = start; frame < start + count; frame++)
            {
                Unlink(frame);
                Take(frame, FrameUse.PageTable);
            }

            first = new((ulong)start);
            return true;
        }

        return false;
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

    // Puts the never-used frames below a limit on the free list, so that a run can be taken out of it.
    private void TouchUpTo(int limit)
    {
        for (; _firstUntouched < limit; _firstUntouched++)
        {
            _pages[_firstUntouched].QueueNext = _freeHead;
            if (_freeHead != 0)
            {
                _pages[_freeHead].QueuePrevious = _firstUntouched;
            }

            _freeHead = _firstUntouched;
        }
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

    private void Take(int frame, FrameUse use)
    {
        _pages[frame] = default;
        _pages[frame].Use = use;
        FreeCount--;
    }

    /// <summary>The page tables' view of the free list.</summary>
    private sealed class TableFrameSource(VmPages pages) : IFrameSource
    {
        public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
        {
            if (count == 1 && alignment == 1 && below.Value >= (ulong)pages._pages.Length)
            {
                if (!pages.TryAllocate(out first))
                {
                    return false;
                }

                pages[first].Use = FrameUse.PageTable;
            }
            else if (!pages.TryAllocateRun(count, alignment, below, out first))
            {
                return false;
            }

            pages.TableCount += count;
            return true;
        }

        public void Free(PageFrameNumber first, int count)
        {
            pages.TableCount -= count;
            for (int i = 0; i < count; i++)
            {
                pages.Free(new(first.Value + (ulong)i));
            }
        }
    }
}
