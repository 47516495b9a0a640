namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Cuts the entry that crosses a page-aligned address in two there, both parts alike. Source: <c>vm_map_clip_start</c>.
    /// </summary>
    public void Split(VirtualAddress address) => ClipAt(address);

    /// <summary>
    /// Cuts the entry that crosses an address in two there; nothing where none does. Returns the entry that starts at the address, or the
    /// next one up. Source: <c>vm_map_clip_start</c>, <c>vm_map_clip_end</c>.
    /// </summary>
    private VmMapEntry? ClipAt(VirtualAddress address)
    {
        VmMapEntry? entry = FirstFrom(address);
        if (entry is null || entry.Start >= address)
        {
            return entry;
        }

        VmMapEntry rear = NewEntry();
        VirtualAddress end = entry.End;
        rear.CopyAttributes(entry);
        rear.GrowsDown = false;
        entry.End = address;
        rear.Start = address;
        rear.End = end;
        _index.Resized(entry);
        SizeBytes -= rear.Range.LengthBytes;
        _system.Anonymous.Clip(entry, rear);
        Link(rear, entry);
        return rear;
    }

    /// <summary>Cuts at both ends of a range, so that it holds whole entries only. Returns the first of them, or what follows.</summary>
    private VmMapEntry? ClipRange(AddressRange range)
    {
        VmMapEntry? first = ClipAt(range.Start);
        ClipAt(range.End);
        return first is not null && first.Start < range.End ? first : null;
    }
}
