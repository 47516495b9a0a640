namespace BsdVm;

internal sealed partial class VmFault
{
    // Decide first: the table for the mapping, then the frame. After that nothing can fail.
    private void Copy()
    {
        if (_space.Pmap.Prepare(_page) != PmapStatus.Success || !TryTakeFrame())
        {
            _system.Counters.Other++;
            Finish(VmStatus.ResourceShortage);
            return;
        }

        if (!_entry.IsShared && LacksOwn)
        {
            // A load of a page that has to be zero-filled: policy has no shared zero page.
            _system.Anonymous.MakeOwn(_entry);
        }

        if (_found.Where == PageWhere.Resident)
        {
            _system.Pmaps.CopyPage(_found.Frame, _frame);
            _system.Counters.CopyOnWrite++;
        }
        else
        {
            _system.Pmaps.ZeroPage(_frame);
            _system.Counters.ZeroFill++;
        }

        // No processor may read the old page through a stale translation once the new one can be written: remove, update, enter.
        _space.UnmapPage(_page);
        _system.CheckDelivered(_frame, "inserted");
        _system.Anonymous.Insert(_entry, _page, _frame, in _found);
        _isFresh = true;
        _found.Frame = _frame;
        _found.Where = PageWhere.Resident;
        _found.Layer = PageLayer.Upper;
        _phase = Phase.Enter;
    }

    private bool TryTakeFrame() => _system.Reservations is null || _entry.IsShared
        ? _system.Pages.Frames.TryAllocate(out _frame)
        : _system.Reservations.TryAllocate(_space, _entry, _page, out _frame);
}
