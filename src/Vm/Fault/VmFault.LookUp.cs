namespace BsdVm;

internal sealed partial class VmFault
{
    private void LookUp()
    {
        // Rights may have changed while the fault waited: what a look-up before that found out no longer holds.
        _access = _wanted;
        _fetchWithoutRight = false;
        if (_pagedIn && _transfer.Status == PagerStatus.Error)
        {
            _system.Counters.Other++;
            Finish(VmStatus.PagerError);
            return;
        }

        VmMapEntry? entry = _space.Map.Lookup(_page);
        if (entry is null)
        {
            _system.Counters.Unmapped++;
            Finish(VmStatus.InvalidAddress);
            return;
        }

        _entry = entry;
        _rights = _system.Pmaps.Backend.Capabilities.Express(entry.Protection);
        if (!IsAllowed())
        {
            _system.Counters.Protection++;
            Finish(VmStatus.ProtectionFailure);
            return;
        }

        if (_access == AccessKind.Write && !entry.IsShared)
        {
            ReportWrite();
            _entry = _space.Map.Lookup(_page)!;
            if (LacksOwn)
            {
                _system.Anonymous.MakeOwn(_entry);
            }
        }

        _phase = Phase.Search;
    }

    private bool LacksOwn => _entry.NeedsCopy || !_system.Anonymous.HasOwn(_entry);

    private bool IsAllowed()
    {
        if (_rights.Allows(_access))
        {
            return true;
        }

        // Linux on x86 looks at the page before it looks at the execute right.
        if (_access == AccessKind.Execute && _system.Policy.FetchFaultsInFirst && _rights.Allows(Protection.Read))
        {
            _fetchWithoutRight = true;
            _access = AccessKind.Read;
            return true;
        }

        return false;
    }

    private void ReportWrite()
    {
        if (!_entry.WriteReported && _system.Observer is { } observer)
        {
            _entry.WriteReported = true;
            observer.PrivateWrite(_space, _page);
        }
    }
}
