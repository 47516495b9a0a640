namespace BsdVm;

internal sealed partial class VmFault
{
    private void Enter()
    {
        bool isZeroPage = _found.Where == PageWhere.Nowhere;
        PageFrameNumber frame = isZeroPage ? VmPages.ZeroFrame : _found.Frame;
        Protection rights = _rights;
        if (isZeroPage || (_found.Layer != PageLayer.Upper && !_entry.IsShared))
        {
            rights &= ~Protection.Write;
        }

        if (!_space.TryEnter(_page, frame, rights, _access, _entry.IsWired))
        {
            _system.Counters.Other++;
            Finish(VmStatus.ResourceShortage);
            return;
        }

        if (!isZeroPage && !_entry.IsWired)
        {
            _system.Pages.Queues.Activate(frame);
        }

        _space.NoteTouched(_entry, _page);
        Count(isZeroPage);
        Finish(_fetchWithoutRight ? VmStatus.ProtectionFailure : VmStatus.Success);
    }

    private void Count(bool isZeroPage)
    {
        if (_pagedIn)
        {
            _space.MajorFaults++;
        }
        else
        {
            _space.MinorFaults++;
        }

        // A page that was copied or filled with zeros was counted when that was done.
        if (_isFresh)
        {
            return;
        }

        if (isZeroPage)
        {
            _system.Counters.ReadZero++;
        }
        else if (_pagedIn)
        {
            _system.Counters.PageIn++;
        }
        else
        {
            _system.Counters.Reuse++;
        }
    }
}
