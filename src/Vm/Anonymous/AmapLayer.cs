namespace BsdVm;

// An entry has an amap of anons over a lower object. Who may write an anon's page in place is a matter of one number:
//
//   one slot holds the anon, in an amap that is the entry's own  ->  in place
//   several slots hold it (copies made by fork)                  ->  copy into a new anon, drop the old one's reference
//
// After fork both entries refer to one amap and need a copy; the first that writes gets an amap of its own whose slots hold the same anons,
// the other then finds itself alone and keeps the old one. Nothing is ever hidden for good, so there is nothing to collapse (D1, D2).
// Source: UVM uvm_amap.c, uvm_anon.c.

/// <summary>The upper layer as in UVM: amaps of anons. Linux's per-page answers (dontneed, truncate, mremap) need it.</summary>
public sealed partial class AmapLayer : AnonymousLayer
{
    private readonly AnonTable _anons;
    private int _nextId = 1;

    /// <summary>The layer of one system.</summary>
    public AmapLayer(VmSystem system)
        : base(system) => _anons = new AnonTable(system);

    /// <inheritdoc/>
    public override string Name => "amap";

    /// <summary>Living anons: pages of anonymous memory that some amap holds.</summary>
    public int AnonCount => _anons.Count;

    /// <inheritdoc/>
    public override void Search(VmMapEntry entry, VirtualAddress address, out FaultPage found)
    {
        found = default;
        found.Depth = 1;
        int anon = entry.Amap?[entry.SlotOf(address)] ?? 0;
        if (anon != 0)
        {
            FoundAnon(entry, anon, ref found);
        }
        else if (entry.Object is { } lower)
        {
            FoundLower(entry, lower, entry.ObjectOffsetOf(address) >> PageSize.Base.Shift, ref found);
        }
    }

    /// <inheritdoc/>
    public override void MakeOwn(VmMapEntry entry)
    {
        if (entry.Amap is null)
        {
            entry.AmapSlot = entry.Start.Value >> PageSize.Base.Shift;
            Attach(entry, new Amap(_nextId++));
        }
        else if (entry.NeedsCopy && HasOtherEntryIn(entry, entry.SlotOf(entry.Start), entry.SlotOf(entry.End)))
        {
            CopyAmap(entry);
        }

        entry.NeedsCopy = false;
    }

    /// <inheritdoc/>
    public override void Insert(VmMapEntry entry, VirtualAddress address, PageFrameNumber frame, in FaultPage replaced)
    {
        if (entry.IsShared)
        {
            System.Pages.Hash.Insert(frame, entry.Object!, entry.ObjectOffsetOf(address) >> PageSize.Base.Shift);
            return;
        }

        entry.Amap!.Set(entry.SlotOf(address), _anons.Allocate(frame));
        if (replaced.Where != PageWhere.Resident)
        {
            return;
        }

        // Others that share the amap on purpose may map the page that is hidden from now on.
        if (entry.SharesUpper)
        {
            System.UnmapForCopy(replaced.Frame);
        }

        if (replaced.Anon != 0)
        {
            _anons.Release(replaced.Anon);
        }
    }

    /// <inheritdoc/>
    public override bool MayMapZero(VmMapEntry entry) => !entry.IsShared && !entry.SharesUpper;

    /// <inheritdoc/>
    public override bool HasOwn(VmMapEntry entry) => entry.Amap is not null;

    /// <inheritdoc/>
    public override void ForkCopy(VmMapEntry parent, VmMapEntry child)
    {
        ShareLower(parent, child);
        if (parent.Amap is null)
        {
            child.NeedsCopy = parent.NeedsCopy;
            return;
        }

        child.AmapSlot = parent.AmapSlot;
        Attach(child, parent.Amap);
        parent.NeedsCopy = true;
        child.NeedsCopy = true;
    }

    /// <inheritdoc/>
    public override void ForkShare(VmMapEntry parent, VmMapEntry child)
    {
        ShareLower(parent, child);
        child.NeedsCopy = false;
        if (parent.IsShared)
        {
            return;
        }

        MakeOwn(parent);
        parent.SharesUpper = true;
        child.SharesUpper = true;
        child.AmapSlot = parent.AmapSlot;
        Attach(child, parent.Amap!);
    }

    /// <inheritdoc/>
    public override bool IsUpperShared(VmMapEntry entry) =>
        entry.IsShared || (entry.SharesUpper && entry.Amap is not null && HasOtherEntryIn(entry, entry.SlotOf(entry.Start), entry.SlotOf(entry.End)));

    /// <inheritdoc/>
    public override void ForkEmpty(VmMapEntry parent, VmMapEntry child)
    {
        // The copy of a shared mapping of anonymous memory has nothing below it; that of a file follows the file.
        if (parent.Object is { IsAnonymous: false })
        {
            ShareLower(parent, child);
        }

        MakeOwn(child);
    }

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
        entry.Amap is null || IsEmpty(entry, entry.SlotOf(entry.End), entry.SlotOf(entry.End) + (bytes >> PageSize.Base.Shift));

    /// <inheritdoc/>
    public override bool TryExtendDown(VmMapEntry entry, ulong bytes)
    {
        ulong pages = bytes >> PageSize.Base.Shift;
        if (entry.Object is not null || (entry.Amap is not null && (entry.AmapSlot < pages || !IsEmpty(entry, entry.AmapSlot - pages, entry.AmapSlot))))
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

    private static void ShareLower(VmMapEntry parent, VmMapEntry child)
    {
        child.Object = parent.Object;
        child.Offset = parent.Offset;
        child.Object?.Reference();
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

    private void FoundAnon(VmMapEntry entry, int anon, ref FaultPage found)
    {
        found.Anon = anon;
        found.Index = (ulong)anon;
        found.Layer = _anons.RefCountOf(anon) > 1 || entry.NeedsCopy ? PageLayer.UpperShared : PageLayer.Upper;
        int frame = _anons.FrameOf(anon);
        found.Frame = new((ulong)frame);
        if (frame == 0)
        {
            found.Where = PageWhere.Stored;
            found.Pager = _anons.Pager;
        }
        else
        {
            found.Where = System.Pages[frame].Busy ? PageWhere.Busy : PageWhere.Resident;
        }
    }

    private void FoundLower(VmMapEntry entry, VmObject lower, ulong index, ref FaultPage found)
    {
        int frame = System.Pages.Hash.Lookup(lower, index);
        found.Frame = new((ulong)frame);
        if (frame != 0)
        {
            found.Where = System.Pages[frame].Busy ? PageWhere.Busy : PageWhere.Resident;
        }
        else
        {
            PagerLookup answer = lower.Pager?.HasPage(index) ?? PagerLookup.Absent;
            if (answer == PagerLookup.Absent && index < lower.SizePages)
            {
                return;
            }

            found.Where = answer == PagerLookup.Present ? PageWhere.Stored : PageWhere.OutOfRange;
            found.Pager = lower.Pager;
        }

        found.Object = lower;
        found.Index = index;
        found.Layer = entry.IsShared ? PageLayer.Upper : PageLayer.Lower;
    }
}
