namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Maps a free range. The map takes a reference of its own to the object. Source: <c>vm_map_insert</c>.
    /// </summary>
    /// <returns>Success; InvalidAddress outside the bounds; NoSpace if something is in the way; InvalidArgument for shared without an
    /// object.</returns>
    public VmStatus Insert(in VmMapRequest request)
    {
        AddressRange range = request.Range;
        CheckRange(range);
        if (range.IsEmpty || !Bounds.Contains(range.Start) || !Bounds.Contains(range.Last))
        {
            return VmStatus.InvalidAddress;
        }

        if (request.IsShared && request.Object is null)
        {
            return VmStatus.InvalidArgument;
        }

        VmMapEntry? below = _index.FindAtOrBelow(range.Start);
        VmMapEntry? above = below is null ? First : below.Next;
        if ((below is not null && below.End > range.Start) || (above is not null && above.Start <= range.Last))
        {
            return VmStatus.NoSpace;
        }

        VmMapEntry entry = NewEntry();
        entry.Start = range.Start;
        entry.End = range.End;
        entry.Protection = request.Protection;
        entry.MaxProtection = request.MaxProtection;
        entry.Inheritance = request.Inheritance;
        entry.IsShared = request.IsShared;
        entry.GrowsDown = request.GrowsDown;
        entry.Advice = request.Advice;
        entry.CopyOnWrite = !request.IsShared;
        entry.NeedsCopy = !request.IsShared && request.Object is not null;
        entry.Object = request.Object;
        entry.Offset = request.Offset;
        request.Object?.Reference();
        Link(entry, below);
        JoinAround(entry);
        _system.OperationDone();
        return VmStatus.Success;
    }

    /// <summary>The lowest free range of a length at or above an address, page aligned. Source: <c>vm_map_findspace</c>.</summary>
    public bool TryFindSpace(VirtualAddress from, ulong lengthBytes, out VirtualAddress start) =>
        _index.TryFindGap(from < Bounds.Start ? Bounds.Start : from, Bounds.End, lengthBytes, out start);
}
