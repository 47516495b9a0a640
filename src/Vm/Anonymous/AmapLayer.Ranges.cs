namespace BsdVm;

public sealed partial class AmapLayer
{
    /// <inheritdoc/>
    public override void Clip(VmMapEntry front, VmMapEntry rear)
    {
        rear.Object = front.Object;
        rear.Offset = front.Offset + front.Range.LengthBytes;
        rear.Object?.Reference();
        if (front.Amap is not null)
        {
            rear.AmapSlot = front.AmapSlot + front.Range.PageCount;
            Attach(rear, front.Amap);
        }
    }

    /// <inheritdoc/>
    public override bool TryJoin(VmMapEntry front, VmMapEntry rear)
    {
        if (!IsLowerContinuous(front, rear) || !CanJoinAmaps(front, rear))
        {
            return false;
        }

        if (front.Amap is null && rear.Amap is not null)
        {
            front.AmapSlot = rear.AmapSlot - front.Range.PageCount;
            Attach(front, rear.Amap);
        }

        Detach(rear);
        rear.Object?.Deallocate();
        return true;
    }

    /// <inheritdoc/>
    public override bool TryExtend(VmMapEntry entry, ulong bytes) =>
        entry.Amap is null || IsEmpty(entry, entry.SlotOf(entry.End), entry.SlotOf(entry.End) + (bytes / PageSize.BaseBytes));

    /// <inheritdoc/>
    public override bool TryExtendDown(VmMapEntry entry, ulong bytes)
    {
        ulong pages = bytes / PageSize.BaseBytes;
        bool hasRoom = entry.Amap is null || (entry.AmapSlot >= pages && IsEmpty(entry, entry.AmapSlot - pages, entry.AmapSlot));
        if (entry.Object is not null || !hasRoom)
        {
            return false;
        }

        entry.AmapSlot -= entry.Amap is null ? 0 : pages;
        return true;
    }

    /// <inheritdoc/>
    public override void Release(VmMapEntry entry)
    {
        if (entry.Amap is not null)
        {
            ReleaseSlots(entry, entry.SlotOf(entry.Start), entry.SlotOf(entry.End));
            Detach(entry);
        }

        entry.Object?.Deallocate();
        entry.Object = null;
    }

    /// <inheritdoc/>
    public override void Drop(VmMapEntry entry, AddressRange range)
    {
        ulong from = entry.SlotOf(range.Start);
        ulong limit = entry.SlotOf(range.End);
        if (entry.Amap is null || !entry.Amap.TryFindNext(from, limit, out _))
        {
            return;
        }

        if (entry.NeedsCopy)
        {
            MakeOwn(entry);
        }

        if (entry.SharesUpper)
        {
            UnmapSlots(entry, from, limit);
        }

        RemoveSlots(entry.Amap, from, limit);
    }

    private static bool IsLowerContinuous(VmMapEntry front, VmMapEntry rear) =>
        ReferenceEquals(front.Object, rear.Object)
        && (front.Object is null || front.Offset + front.Range.LengthBytes == rear.Offset);

    // An entry without an amap joins one that has room beside its slots; two amaps stay two.
    private static bool CanJoinAmaps(VmMapEntry front, VmMapEntry rear)
    {
        if (ReferenceEquals(front.Amap, rear.Amap))
        {
            return front.Amap is null || front.SlotOf(front.End) == rear.AmapSlot;
        }

        if (rear.Amap is null)
        {
            return IsEmpty(front, front.SlotOf(front.End), front.SlotOf(front.End) + rear.Range.PageCount);
        }

        return front.Amap is null && rear.AmapSlot >= front.Range.PageCount
            && IsEmpty(rear, rear.AmapSlot - front.Range.PageCount, rear.AmapSlot);
    }

    // No page and no other entry in a range of slots of the entry's amap: it may grow there.
    private static bool IsEmpty(VmMapEntry entry, ulong from, ulong limit) =>
        !entry.Amap!.TryFindNext(from, limit, out _) && !HasOtherEntryIn(entry, from, limit);
}
