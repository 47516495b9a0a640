namespace BsdVm;

public sealed partial class VmObject
{
    /// <summary>Takes a page out and frees its frame; whoever still maps it loses the mapping.</summary>
    internal void FreePage(PageFrameNumber frame)
    {
        _system.UnmapEverywhere(frame);
        _system.Pages.Queues.Dequeue(frame);
        _system.Pages.Hash.Remove(frame, this);
        _system.FreeFrame(frame);
    }

    /// <summary>Drops the resident and stored pages of an index range. Source: <c>vm_object_page_remove</c>.</summary>
    internal void DropPages(ulong from, ulong count)
    {
        // Whichever is shorter: the range, or the list of what is resident.
        if (count <= (ulong)ResidentCount)
        {
            for (ulong index = from; index < from + count; index++)
            {
                DropPage(index);
            }

            return;
        }

        for (int frame = FirstPage; frame != 0;)
        {
            int next = _system.Pages[frame].ObjectNext;
            if (_system.Pages[frame].Index - from < count)
            {
                FreePage(new((ulong)frame));
            }

            frame = next;
        }

        FreeStored(from, count);
    }

    /// <summary>Drops every page at or above an index. A page on its way in is left to its transfer, which finds the new end.</summary>
    internal void DropPagesFrom(ulong firstGone)
    {
        for (int frame = FirstPage; frame != 0;)
        {
            int next = _system.Pages[frame].ObjectNext;
            if (_system.Pages[frame].Index >= firstGone && !_system.Pages[frame].Busy)
            {
                FreePage(new((ulong)frame));
            }

            frame = next;
        }
    }

    private void DropPage(ulong index)
    {
        int frame = _system.Pages.Hash.Lookup(this, index);
        if (frame != 0)
        {
            FreePage(new((ulong)frame));
        }

        if (IsAnonymous)
        {
            Pager?.FreePage(index);
        }
    }

    private void FreeStored(ulong from, ulong count)
    {
        if (Pager is AnonymousPager stored)
        {
            foreach (ulong index in stored.Indexes.Where(index => index - from < count).ToArray())
            {
                stored.FreePage(index);
            }
        }
    }
}
