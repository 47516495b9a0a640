namespace BsdVm;

/// <summary>
/// The paging queues, and the wiring that keeps pages off them. Source: 4.4BSD <c>vm_page_queue_active</c>, <c>vm_page_queue_inactive</c>,
/// <c>vm_page_wire</c>.
/// </summary>
internal sealed class PageQueues(VmPage[] pages)
{
    private readonly VmPage[] _pages = pages;
    private PageList _active;
    private PageList _inactive;

    /// <summary>Pages on the active queue.</summary>
    public int ActiveCount => _active.Count;

    /// <summary>Pages on the inactive queue.</summary>
    public int InactiveCount => _inactive.Count;

    /// <summary>Frames with at least one wired mapping.</summary>
    public int WiredCount { get; private set; }

    /// <summary>The frame at the head of a queue, the next to be looked at, or 0.</summary>
    public int HeadOf(PageQueue queue) => ListOf(queue).Head;

    /// <summary>Puts an unwired page at the tail of the active queue. Source: <c>vm_page_activate</c>.</summary>
    public void Activate(PageFrameNumber frame)
    {
        ref VmPage page = ref _pages[frame.Value];
        if (page.WireCount == 0)
        {
            Enqueue(frame, PageQueue.Active);
        }
    }

    /// <summary>Puts an unwired page at the tail of the inactive queue. Source: <c>vm_page_deactivate</c>.</summary>
    public void Deactivate(PageFrameNumber frame)
    {
        if (_pages[frame.Value].WireCount == 0)
        {
            Enqueue(frame, PageQueue.Inactive);
        }
    }

    /// <summary>One more wired mapping: a wired page is on no queue. Source: <c>vm_page_wire</c>.</summary>
    public void Wire(PageFrameNumber frame)
    {
        ref VmPage page = ref _pages[frame.Value];
        if (page.WireCount++ == 0)
        {
            WiredCount++;
            Dequeue(frame);
        }
    }

    /// <summary>One wired mapping less: the last makes the page active. Source: <c>vm_page_unwire</c>.</summary>
    public void Unwire(PageFrameNumber frame)
    {
        ref VmPage page = ref _pages[frame.Value];
        if (--page.WireCount == 0)
        {
            WiredCount--;
            Activate(frame);
        }
    }

    /// <summary>Takes a page off its queue, if it is on one.</summary>
    public void Dequeue(PageFrameNumber frame)
    {
        ref VmPage page = ref _pages[frame.Value];
        if (page.Queue != PageQueue.None)
        {
            ListOf(page.Queue).Remove(_pages, (int)frame.Value);
            page.Queue = PageQueue.None;
        }
    }

    private void Enqueue(PageFrameNumber frame, PageQueue queue)
    {
        ref VmPage page = ref _pages[frame.Value];
        ref PageList list = ref ListOf(queue);
        if (page.Queue == queue)
        {
            if (list.Tail == (int)frame.Value)
            {
                return;
            }

            list.Remove(_pages, (int)frame.Value);
        }
        else
        {
            Dequeue(frame);
        }

        page.Queue = queue;
        list.Append(_pages, (int)frame.Value);
    }

    private ref PageList ListOf(PageQueue queue) => ref queue == PageQueue.Active ? ref _active : ref _inactive;

    private struct PageList
    {
        public int Head;
        public int Tail;
        public int Count;

        public void Append(VmPage[] pages, int frame)
        {
            ref VmPage page = ref pages[frame];
            page.QueuePrevious = Tail;
            page.QueueNext = 0;
            if (Tail != 0)
            {
                pages[Tail].QueueNext = frame;
            }
            else
            {
                Head = frame;
            }

            Tail = frame;
            Count++;
        }

        public void Remove(VmPage[] pages, int frame)
        {
            ref VmPage page = ref pages[frame];
            if (page.QueuePrevious != 0)
            {
                pages[page.QueuePrevious].QueueNext = page.QueueNext;
            }
            else
            {
                Head = page.QueueNext;
            }

            if (page.QueueNext != 0)
            {
                pages[page.QueueNext].QueuePrevious = page.QueuePrevious;
            }
            else
            {
                Tail = page.QueuePrevious;
            }

            Count--;
        }
    }
}
