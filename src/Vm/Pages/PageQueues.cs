namespace BsdVm;

public sealed partial class VmPages
{
    private PageList _active;
    private PageList _inactive;

    /// <summary>Pages on the active queue.</summary>
    public int ActiveCount => _active.Count;

    /// <summary>Pages on the inactive queue.</summary>
    public int InactiveCount => _inactive.Count;

    /// <summary>The frames of a queue, head (next to be looked at) first.</summary>
    public IEnumerable<PageFrameNumber> Queue(PageQueue queue)
    {
        for (int frame = queue == PageQueue.Active ? _active.Head : _inactive.Head; frame != 0; frame = _pages[frame].QueueNext)
        {
            yield return new((ulong)frame);
        }
    }

    /// <summary>Puts an unwired page at the tail of the active queue. Source: <c>vm_page_activate</c>.</summary>
    internal void Activate(PageFrameNumber frame)
    {
        ref VmPage page = ref this[frame];
        if (page.WireCount == 0)
        {
            Enqueue(frame, PageQueue.Active);
        }
    }

    /// <summary>Puts an unwired page at the tail of the inactive queue and forgets that it was used. Source: <c>vm_page_deactivate</c>.</summary>
    internal void Deactivate(PageFrameNumber frame)
    {
        if (this[frame].WireCount == 0)
        {
            _pmaps.ClearReference(frame);
            Enqueue(frame, PageQueue.Inactive);
        }
    }

    /// <summary>One more wired mapping: a wired page is on no queue. Source: <c>vm_page_wire</c>.</summary>
    internal void Wire(PageFrameNumber frame)
    {
        ref VmPage page = ref this[frame];
        if (page.WireCount++ == 0)
        {
            WiredCount++;
            Dequeue(frame);
        }
    }

    /// <summary>One wired mapping less: the last makes the page active. Source: <c>vm_page_unwire</c>.</summary>
    internal void Unwire(PageFrameNumber frame)
    {
        ref VmPage page = ref this[frame];
        if (--page.WireCount == 0)
        {
            WiredCount--;
            Activate(frame);
        }
    }

    internal void Dequeue(PageFrameNumber frame)
    {
        ref VmPage page = ref this[frame];
        if (page.Queue != PageQueue.None)
        {
            ListOf(page.Queue).Remove(_pages, (int)frame.Value);
            page.Queue = PageQueue.None;
        }
    }

    private void Enqueue(PageFrameNumber frame, PageQueue queue)
    {
        ref VmPage page = ref this[frame];
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
