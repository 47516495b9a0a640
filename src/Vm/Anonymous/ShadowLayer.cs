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
        ulong index = entry.ObjectOffsetOf(address) / PageSize.BaseBytes;
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

            index += current.ShadowOffset / PageSize.BaseBytes;
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
        System.Pages.Hash.Insert(frame, top, entry.ObjectOffsetOf(address) / PageSize.BaseBytes);
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
