namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Changes the rights of all that is mapped in a range; holes are skipped. Raising rights leaves the pmap alone: the next fault does
    /// it. Source: <c>vm_map_protect</c>.
    /// </summary>
    /// <returns>ProtectionFailure without any change if an entry's maximum does not allow them.</returns>
    public VmStatus Protect(AddressRange range, Protection rights)
    {
        CheckRange(range);
        for (VmMapEntry? entry = FirstFrom(range.Start); entry is not null && entry.Range.Overlaps(range); entry = entry.Next)
        {
            if (!entry.MaxProtection.Allows(rights))
            {
                return VmStatus.ProtectionFailure;
            }
        }

        for (VmMapEntry? entry = ClipRange(range); entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            SetProtection(entry, rights);
        }

        SimplifyByPolicy(range);
        _system.OperationDone();
        return VmStatus.Success;
    }

    private void SetProtection(VmMapEntry entry, Protection rights)
    {
        Protection old = entry.Protection;
        entry.Protection = rights;
        bool lostWired = false;
        if (!rights.Allows(old))
        {
            lostWired = entry.IsWired && UnwireLostMappings(entry.Range, rights);
            _space.Pmap.Protect(entry.Range, rights);
        }

        bool hasPages = !lostWired && old != Protection.None;
        if (lostWired || (entry.IsWired && FaultsInOnRaise(entry, old)))
        {
            _system.Pmaps.Update();
            // Linux and FreeBSD make the pages of a locked mapping usable at once; mprotect has succeeded whether or not frames are found.
            hasPages |= WirePages(entry.Range, entry) == VmStatus.Success;
        }

        entry.IsWiredOnFault |= entry.IsWired && !hasPages;
    }

    private bool FaultsInOnRaise(VmMapEntry entry, Protection old) =>
        _system.Policy.WiredRaiseIsLazy
            ? !entry.IsShared && !old.Allows(Protection.Write) && entry.Protection.Allows(Protection.Write)
            : !old.Allows(entry.Protection);
}
