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
            FoundLower(entry, lower, entry.ObjectOffsetOf(address) / PageSize.BaseBytes, ref found);
        }
    }

    /// <inheritdoc/>
    public override void MakeOwn(VmMapEntry entry)
    {
        if (entry.Amap is null)
        {
            entry.AmapSlot = entry.Start.Page.Value;
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
            System.Pages.Hash.Insert(frame, entry.Object!, entry.ObjectOffsetOf(address) / PageSize.BaseBytes);
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
