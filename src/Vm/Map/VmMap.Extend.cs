namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// The mapping that ends at an address grows upwards: a file's shows the file's next pages, anonymous memory zeros. Where the entry
    /// itself cannot grow, an entry alike is put behind it.
    /// </summary>
    /// <returns>InvalidAddress if nothing ends there or the bounds are left, NoSpace if something is in the way.</returns>
    public VmStatus Extend(VirtualAddress end, ulong bytes)
    {
        var added = new AddressRange(end, bytes);
        CheckRange(added);
        VmMapEntry? entry = Lookup(end - PageSize.BaseBytes);
        if (entry is null || entry.End != end || (bytes != 0 && !Bounds.Contains(added.Last)))
        {
            return VmStatus.InvalidAddress;
        }

        if (!IsFree(added))
        {
            return VmStatus.NoSpace;
        }

        if (_system.Anonymous.TryExtend(entry, bytes))
        {
            entry.End += bytes;
            SizeBytes += bytes;
            _index.Resized(entry);
        }
        else
        {
            InsertBeside(entry, added, entry.ObjectOffsetOf(end));
        }

        if (entry.IsWired && WirePages(added, entry) != VmStatus.Success)
        {
            Lookup(end)!.IsWiredOnFault = true;
        }

        SimplifyByPolicy(added);
        _system.OperationDone();
        return VmStatus.Success;
    }

    /// <summary>
    /// A stack grows down to a new start, page aligned and below the present one. Source: FreeBSD <c>vm_map_growstack</c>.
    /// </summary>
    /// <returns>NoSpace if something is in the way, InvalidAddress if the bounds are left.</returns>
    public VmStatus GrowDown(VmMapEntry entry, VirtualAddress newStart)
    {
        ArgumentNullException.ThrowIfNull(entry);
        AddressRange added = AddressRange.FromTo(newStart, entry.Start);
        CheckRange(added);
        if (!Bounds.Contains(newStart))
        {
            return VmStatus.InvalidAddress;
        }

        if (!IsFree(added))
        {
            return VmStatus.NoSpace;
        }

        if (_system.Anonymous.TryExtendDown(entry, added.LengthBytes))
        {
            entry.Start = newStart;
            SizeBytes += added.LengthBytes;
            _index.Resized(entry);
        }
        else
        {
            InsertBeside(entry, added, 0).GrowsDown = true;
            entry.GrowsDown = false;
        }

        // The fault that made it grow brings one page.
        Lookup(newStart)!.IsWiredOnFault = entry.IsWired;
        _system.OperationDone();
        return VmStatus.Success;
    }

    // An entry with the same attributes over fresh memory, or over the next part of the same object or file.
    private VmMapEntry InsertBeside(VmMapEntry entry, AddressRange range, ulong offset)
    {
        VmMapEntry made = NewEntry();
        made.CopyAttributes(entry);
        made.Start = range.Start;
        made.End = range.End;
        made.GrowsDown = false;
        made.SharesUpper = false;
        (VmObject? source, ulong sourceOffset) = SourceBeside(entry, offset);
        made.Object = source;
        made.Offset = sourceOffset;
        made.NeedsCopy = !entry.IsShared && source is not null;
        source?.Reference();
        Link(made, _index.FindAtOrBelow(range.Start));
        return made;
    }

    private static (VmObject? Source, ulong Offset) SourceBeside(VmMapEntry entry, ulong offset)
    {
        if (entry.IsShared)
        {
            return (entry.Object, offset);
        }

        VmObject? bottom = entry.Object;
        while (bottom is { IsAnonymous: true })
        {
            offset += bottom.ShadowOffset;
            bottom = bottom.Shadow;
        }

        return bottom is null ? (null, 0) : (bottom, offset);
    }
}
