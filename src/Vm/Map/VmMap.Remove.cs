namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Unmaps a range, holes and wired parts included. Mappings go first, so that modified bits are recorded against the right pages; then
    /// the layers. Source: <c>vm_map_delete</c>.
    /// </summary>
    public void Remove(AddressRange range)
    {
        CheckRange(range);
        VmMapEntry? entry = ClipRange(range);
        if (entry is null)
        {
            return;
        }

        VirtualAddress end = range.End;
        for (VmMapEntry? wired = entry; wired is not null && wired.Start < end; wired = wired.Next)
        {
            if (wired.IsWired)
            {
                UnwireMappings(wired.Range);
            }
        }

        _space.Pmap.Remove(range);
        _system.Pmaps.Update();
        _space.ForgetTouched(range);
        while (entry is not null && entry.Start < end)
        {
            VmMapEntry? next = entry.Next;
            Unlink(entry);
            _system.Anonymous.Release(entry);
            Recycle(entry);
            entry = next;
        }

        _system.OperationDone();
    }
}
