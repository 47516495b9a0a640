namespace BsdVm;

public sealed partial class VmObject
{
    /// <summary>
    /// Writes the modified pages of an index range to the pager. False if one could not be written. Source: <c>vm_object_page_clean</c>.
    /// </summary>
    internal bool TryClean(ulong first, ulong count)
    {
        bool succeeded = true;
        for (int number = FirstPage; number != 0; number = _system.Pages[number].ObjectNext)
        {
            var frame = new PageFrameNumber((ulong)number);
            if (_system.Pages[frame].Index - first < count && !_system.Pages[frame].Busy && _system.IsDirty(frame))
            {
                succeeded &= TryCleanPage(frame);
            }
        }

        return succeeded;
    }

    // The modified bits are cleared, on every processor, before the page is written: a store after that is seen as one.
    private bool TryCleanPage(PageFrameNumber frame)
    {
        _system.Pmaps.ClearModify(frame);
        _system.Pmaps.Update();
        _system.CheckDelivered(frame, "cleaned");
        ref VmPage page = ref _system.Pages[frame];
        page.Clean = Pager!.PutPage(page.Index, _system.Machine.Memory, frame) == PagerStatus.Done;
        if (page.Clean)
        {
            _system.Counters.PageOut++;
        }

        return page.Clean;
    }
}
