namespace BsdVm;

public sealed partial class ShadowLayer
{
    /// <inheritdoc/>
    public override void Clip(VmMapEntry front, VmMapEntry rear)
    {
        rear.Object = front.Object;
        rear.Offset = front.Offset + front.Range.LengthBytes;
        rear.Object?.Reference();
    }

    /// <inheritdoc/>
    public override bool TryJoin(VmMapEntry front, VmMapEntry rear)
    {
        if (!ReferenceEquals(front.Object, rear.Object))
        {
            return front.Object is { } top && rear.Object is null && TryExtend(front, rear.Range.LengthBytes);
        }

        if (front.Object is null)
        {
            return true;
        }

        if (front.Offset + front.Range.LengthBytes != rear.Offset)
        {
            return false;
        }

        front.Object.Deallocate();
        return true;
    }

    /// <inheritdoc/>
    public override bool TryExtend(VmMapEntry entry, ulong bytes)
    {
        // Source: vm_object_coalesce. Pages of an earlier use of the range must not reappear.
        if (entry.Object is not { } top)
        {
            return true;
        }

        if (!top.IsAnonymous || entry.IsShared)
        {
            return true;
        }

        if (top.RefCount != 1 || top.Shadow is not null || top.PagingInProgress != 0)
        {
            return false;
        }

        ulong end = entry.ObjectOffsetOf(entry.End);
        top.DropPages(end / PageSize.BaseBytes, bytes / PageSize.BaseBytes);
        top.SizeBytes = Math.Max(top.SizeBytes, end + bytes);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryExtendDown(VmMapEntry entry, ulong bytes)
    {
        if (entry.Object is null)
        {
            return true;
        }

        // Only where the object was made to begin further down can it take pages below.
        if (entry.Object.RefCount != 1 || entry.Offset < bytes || !entry.Object.IsAnonymous || entry.Object.Shadow is not null)
        {
            return false;
        }

        entry.Offset -= bytes;
        entry.Object.DropPages(entry.Offset / PageSize.BaseBytes, bytes / PageSize.BaseBytes);
        return true;
    }

    /// <inheritdoc/>
    public override void Release(VmMapEntry entry)
    {
        if (entry.Object is not { } top)
        {
            return;
        }

        entry.Object = null;
        // Pages of a part that nobody can reach again go now, unless somebody else may see them (leak D4 of 4.4BSD).
        if (top.RefCount > 1 && top.HasOneMapping && top.ShadowCount == 0 && !entry.IsShared && !entry.NeedsCopy)
        {
            top.DropPages(entry.Offset / PageSize.BaseBytes, entry.Range.PageCount);
        }

        top.Deallocate();
    }

    /// <inheritdoc/>
    public override void Drop(VmMapEntry entry, AddressRange range)
    {
        // BSD's MADV_DONTNEED is a hint about frames: contents stay. Only zero-fill memory that nobody else sees can be forgotten
        // (MADV_FREE).
    }
}
