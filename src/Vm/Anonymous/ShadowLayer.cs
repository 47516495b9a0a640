namespace BsdVm;

/// <summary>
/// Shadow chains. An entry refers to the top of a chain of objects; each lacks the pages that were never written since the copy that
/// put it there, and the bottom is a file or memory that nobody copied. Source: 4.4BSD <c>vm_fault</c>, <c>vm_object_shadow</c>,
/// <c>vm_map_copy_entry</c>; no sharing maps: as in FreeBSD, shared entries refer to one object.
/// </summary>
public sealed partial class ShadowLayer : AnonymousLayer
{
    /// <summary>The layer of one system.</summary>
    public ShadowLayer(VmSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override string Name => "shadow";

    /// <inheritdoc/>
    public override void Search(VmMapEntry entry, VirtualAddress address, out FaultPage found)
    {
        found = default;
        VmObject? current = entry.Object;
        ulong index = entry.ObjectOffsetOf(address) >> PageSize.Base.Shift;
        if (entry.IsShared && current is { IsAnonymous: true } && index >= current.SizePages)
        {
            // As behind a file's end: a longer view of shared memory does not make it longer.
            found.Where = PageWhere.OutOfRange;
            return;
        }

        while (current is not null)
        {
            found.Depth++;
            if (TryFindIn(current, index, ref found))
            {
                found.Layer = LayerOf(entry, current);
                return;
            }

            index += current.ShadowOffset >> PageSize.Base.Shift;
            current = current.Shadow;
        }
    }

    /// <inheritdoc/>
    public override void MakeOwn(VmMapEntry entry)
    {
        if (entry.Object is null)
        {
            entry.Object = System.Objects.Allocate(entry.Range.LengthBytes);
            entry.Offset = 0;
        }
        else if (entry.NeedsCopy)
        {
            ulong offset = entry.Offset;
            entry.Object = VmObject.MakeShadow(entry.Object, ref offset, entry.Range.LengthBytes);
            entry.Offset = offset;
        }

        entry.NeedsCopy = false;
    }

    /// <inheritdoc/>
    public override void Insert(VmMapEntry entry, VirtualAddress address, PageFrameNumber frame, in FaultPage replaced)
    {
        VmObject top = entry.Object!;
        System.Pages.Hash.Insert(frame, top, entry.ObjectOffsetOf(address) >> PageSize.Base.Shift);
        if (replaced.Layer is PageLayer.UpperShared or PageLayer.Lower)
        {
            // Another map may reach the same top object and map the page that is hidden from now on: bug B1 of every BSD.
            if (top.RefCount > 1)
            {
                System.UnmapForCopy(replaced.Frame);
            }

            top.Collapse();
        }
    }

    /// <inheritdoc/>
    public override bool MayMapZero(VmMapEntry entry) =>
        !entry.IsShared && !entry.SharesUpper && (entry.NeedsCopy || entry.Object is null || entry.Object.RefCount == 1);

    /// <inheritdoc/>
    public override bool HasOwn(VmMapEntry entry) => !entry.IsShared && entry.Object is { IsAnonymous: true };

    /// <inheritdoc/>
    public override void ForkCopy(VmMapEntry parent, VmMapEntry child)
    {
        child.Object = parent.Object;
        child.Offset = parent.Offset;
        if (parent.Object is null)
        {
            return;
        }

        parent.Object.Collapse();
        parent.Object.Reference();
        parent.Object.HasOneMapping = false;
        parent.NeedsCopy = true;
        child.NeedsCopy = true;
    }

    /// <inheritdoc/>
    public override void ForkShare(VmMapEntry parent, VmMapEntry child)
    {
        // What is shared must exist, and must not be replaced by a private shadow later.
        if (!parent.IsShared)
        {
            MakeOwn(parent);
            parent.SharesUpper = true;
        }

        child.Object = parent.Object;
        child.Offset = parent.Offset;
        child.NeedsCopy = false;
        child.SharesUpper = parent.SharesUpper;
        parent.Object!.Reference();
        parent.Object.HasOneMapping = false;
    }

    /// <inheritdoc/>
    public override bool IsUpperShared(VmMapEntry entry) => entry.IsShared || (entry.SharesUpper && entry.Object?.RefCount > 1);

    /// <inheritdoc/>
    public override void ForkEmpty(VmMapEntry parent, VmMapEntry child)
    {
        // Untouched pages still come from the bottom: the file, if there is one.
        VmObject? bottom = parent.Object;
        ulong offset = parent.Offset;
        while (bottom is not null && bottom.IsAnonymous)
        {
            offset += bottom.ShadowOffset;
            bottom = bottom.Shadow;
        }

        child.Object = System.Objects.Allocate(parent.Range.LengthBytes);
        child.Offset = 0;
        child.NeedsCopy = false;
        if (bottom is not null)
        {
            bottom.Reference();
            child.Object.SetShadow(bottom, offset);
        }
    }

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
        top.DropPages(end >> PageSize.Base.Shift, bytes >> PageSize.Base.Shift);
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
        entry.Object.DropPages(entry.Offset >> PageSize.Base.Shift, bytes >> PageSize.Base.Shift);
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
            top.DropPages(entry.Offset >> PageSize.Base.Shift, entry.Range.PageCount);
        }

        top.Deallocate();
    }

    /// <inheritdoc/>
    public override void Drop(VmMapEntry entry, AddressRange range)
    {
        // BSD's MADV_DONTNEED is a hint about frames: contents stay. Only zero-fill memory that nobody else sees can be forgotten (MADV_FREE).
    }

    /// <inheritdoc/>
    public override bool TryPageOut(PageFrameNumber frame) => System.TryPageOutObjectPage(frame);

    /// <inheritdoc/>
    public override void BeginPageIn(in FaultPage page, PageFrameNumber frame) => System.BeginObjectPageIn(in page, frame);

    /// <inheritdoc/>
    public override void EndPageIn(PageFrameNumber frame, bool succeeded) => System.EndObjectPageIn(frame, succeeded);

    private static PageLayer LayerOf(VmMapEntry entry, VmObject owner)
    {
        if (!ReferenceEquals(owner, entry.Object))
        {
            return owner.IsAnonymous ? PageLayer.UpperShared : PageLayer.Lower;
        }

        if (!owner.IsAnonymous && !entry.IsShared)
        {
            return PageLayer.Lower;
        }

        return entry.NeedsCopy ? PageLayer.UpperShared : PageLayer.Upper;
    }

    private bool TryFindIn(VmObject owner, ulong index, ref FaultPage found)
    {
        int frame = System.Pages.Hash.Lookup(owner, index);
        if (frame != 0)
        {
            found.Frame = new((ulong)frame);
            found.Where = System.Pages[frame].Busy ? PageWhere.Busy : PageWhere.Resident;
        }
        else
        {
            PagerLookup answer = owner.Pager?.HasPage(index) ?? PagerLookup.Absent;
            if (answer == PagerLookup.Absent)
            {
                return false;
            }

            found.Where = answer == PagerLookup.Present ? PageWhere.Stored : PageWhere.OutOfRange;
            found.Pager = owner.Pager;
        }

        found.Object = owner;
        found.Index = index;
        return true;
    }
}
