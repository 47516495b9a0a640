namespace BsdVm;

internal sealed partial class VmFault
{
    private void PageIn()
    {
        if (!_system.Pages.Frames.TryAllocate(out PageFrameNumber frame))
        {
            _system.Counters.Other++;
            Finish(VmStatus.ResourceShortage);
            return;
        }

        _pagedIn = true;
        _system.Anonymous.BeginPageIn(in _found, frame);
        _transfer.Start(_found.Index, frame, _system.Machine.Memory, _system.EndTransfer);
        PagerStatus status = _found.Pager!.GetPage(_transfer);
        if (status == PagerStatus.Pending)
        {
            WaitFor(frame);
            return;
        }

        _transfer.Complete(status);
        _phase = Phase.LookUp;
    }
}
