namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Changes the rights of all that is mapped in a range; holes are skipped. Raising rights leaves the pmap alone: the next fault does it.
    /// Source: <c>vm_map_protect</c>.
    /// </summary>
    /// <returns>ProtectionFailure without any change if an entry's maximum does not allow them.</returns>
    public VmStatus Protect(AddressRange range, Protection rights)
    {
        CheckRange(range);
        for (VmMapEntry? entry = FirstFrom(range.Start); entry is not null && range.Contains(entry.Start < range.Start ? range.Start : entry.Start); entry = entry.Next)
        {
            if (!entry.MaxProtection.Allows(rights))
            {
                return VmStatus.ProtectionFailure;
            }
        }

        VmMapEntry? first = ClipRange(range);
        bool firstMasksWrite = first?.CopyOnWrite ?? false;
        for (VmMapEntry? entry = first; entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            bool masksWrite = _system.Policy.ProtectByFirstEntry ? firstMasksWrite || entry.CopyOnWrite : entry.CopyOnWrite;
            SetProtection(entry, rights, masksWrite);
        }

        SimplifyByPolicy(range);
        _system.OperationDone();
        return VmStatus.Success;
    }

    private void SetProtection(VmMapEntry entry, Protection rights, bool masksWrite)
    {
        Protection old = entry.Protection;
        entry.Protection = rights;
        if (rights == Protection.None && entry.IsWired)
        {
            // The mappings go, and their pages' wirings with them; a later raise brings both back.
            UnwireMappings(entry.Range);
        }

        if (!rights.Allows(old))
        {
            _space.Pmap.Protect(entry.Range, masksWrite && !rights.Allows(Protection.Write) ? rights & ~Protection.Write : rights);
        }

        if (entry.IsWired && FaultsInOnRaise(entry, old))
        {
            _system.Pmaps.Update();
            // Linux and FreeBSD make the pages of a locked mapping usable at once; mprotect has succeeded whether or not frames are found.
            WirePages(entry.Range, entry);
        }
    }

    private bool FaultsInOnRaise(VmMapEntry entry, Protection old) =>
        _system.Policy.WiredRaiseIsLazy
            ? !entry.IsShared && !old.Allows(Protection.Write) && entry.Protection.Allows(Protection.Write)
            : !old.Allows(entry.Protection);
}
