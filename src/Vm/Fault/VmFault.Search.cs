namespace BsdVm;

internal sealed partial class VmFault
{
    private void Search()
    {
        _system.Anonymous.Search(_entry, _page, out _found);
        if (_found.Depth > _system.Counters.LongestChain)
        {
            _system.Counters.LongestChain = _found.Depth;
        }

        switch (_found.Where)
        {
            case PageWhere.Busy:
                WaitFor(_found.Frame);
                break;
            case PageWhere.Stored:
                _phase = Phase.PageIn;
                break;
            case PageWhere.OutOfRange:
                _system.Counters.Unmapped++;
                Finish(VmStatus.OutOfRange);
                break;
            default:
                _phase = NeedsFreshFrame() ? Phase.Copy : Phase.Enter;
                break;
        }
    }

    private bool NeedsFreshFrame()
    {
        if (_found.Where == PageWhere.Nowhere)
        {
            return !MayMapZero();
        }

        return _access == AccessKind.Write && _found.Layer != PageLayer.Upper && !_entry.IsShared;
    }

    private bool MayMapZero() =>
        _access != AccessKind.Write && _system.Policy.SharedZeroPage && !_entry.IsWired && _system.Anonymous.MayMapZero(_entry);
}
