namespace BsdVm;

// Two ways to shorten a chain  top -> backing -> rest:
//
//   collapse: nobody but top refers to backing. Pages of backing that top lacks move up, the others are hidden for ever and are freed:
//             top -> rest, backing is gone.
//   bypass:   others refer to backing as well, but top hides every page of it that it could ever see:
//             top -> rest, the others keep backing.
//
// Neither may run while a page of either object is in transfer. What neither can mend is a backing object that several shadow, each
// hiding a part of it (scenario D2): pages that all of them hide stay until one of them goes.
public sealed partial class VmObject
{
    /// <summary>
    /// Shortens the chain behind this object as far as possible. Contents seen through any map stay as they are. Source:
    /// <c>vm_object_collapse</c>.
    /// </summary>
    internal void Collapse()
    {
        while (Shadow is { } backing && MayMerge(backing))
        {
            if (backing.RefCount == 1)
            {
                Absorb(backing);
            }
            else if (!TryBypass(backing))
            {
                return;
            }
        }
    }

    private bool MayMerge(VmObject backing) =>
        IsAnonymous && backing.IsAnonymous && PagingInProgress == 0 && backing.PagingInProgress == 0
        && !(_system.Policy.PagerBlocksCollapse && Pager is not null);

    private void Absorb(VmObject backing)
    {
        ulong shift = ShadowOffset / PageSize.BaseBytes;
        MoveResident(backing, shift);
        MoveStored(backing, shift);
        VmObject? rest = backing.Shadow;
        ulong offset = ShadowOffset + backing.ShadowOffset;
        // The reference that backing held on the rest becomes this object's.
        backing.SetShadow(null, 0);
        SetShadow(rest, offset);
        _system.Objects.Release(backing);
        _system.Counters.Collapses++;
    }

    // A page that moves keeps its stored copy, with regard to which it is clean or dirty; a page that stays hidden goes with its copy.
    private void MoveResident(VmObject backing, ulong shift)
    {
        while (backing.FirstPage != 0)
        {
            var frame = new PageFrameNumber((ulong)backing.FirstPage);
            ulong index = _system.Pages[frame].Index;
            if (IsVisibleThrough(index, shift))
            {
                _system.Pages.Hash.Rename(frame, backing, this, index - shift);
                AdoptStored(backing, index, index - shift);
            }
            else
            {
                backing.FreePage(frame);
                backing.Pager?.FreePage(index);
            }
        }
    }

    private void MoveStored(VmObject backing, ulong shift)
    {
        if (backing.Pager is AnonymousPager stored)
        {
            foreach (ulong index in stored.Indexes.Where(index => IsVisibleThrough(index, shift)).ToArray())
            {
                AdoptStored(backing, index, index - shift);
            }
        }
    }

    private void AdoptStored(VmObject backing, ulong theirIndex, ulong index)
    {
        if (backing.Pager is AnonymousPager stored && stored.HasPage(theirIndex) == PagerLookup.Present)
        {
            Pager ??= _system.CreateAnonymousPager();
            ((AnonymousPager)Pager).Adopt(stored, theirIndex, index);
        }
    }

    // Inside the window of backing that this object looks at, and not hidden by a page of its own.
    private bool IsVisibleThrough(ulong backingIndex, ulong shift) =>
        backingIndex >= shift && backingIndex - shift < SizePages && !Holds(backingIndex - shift);

    private bool Holds(ulong index) =>
        _system.Pages.Hash.Lookup(this, index) != 0 || Pager?.HasPage(index) == PagerLookup.Present;

    // A quick no, so that a fault does not look at every page: this object sees all of backing and has fewer pages than that.
    private bool CannotHide(VmObject backing) =>
        ShadowOffset == 0 && SizePages >= backing.SizePages
        && ResidentCount + ((Pager as AnonymousPager)?.Count ?? 0) < backing.ResidentCount;

    private bool TryBypass(VmObject backing)
    {
        if ((backing.Pager is not null && _system.Policy.PagerBlocksCollapse) || CannotHide(backing))
        {
            return false;
        }

        ulong shift = ShadowOffset / PageSize.BaseBytes;
        for (int frame = backing.FirstPage; frame != 0; frame = _system.Pages[frame].ObjectNext)
        {
            if (IsVisibleThrough(_system.Pages[frame].Index, shift))
            {
                return false;
            }
        }

        if (backing.Pager is AnonymousPager stored && stored.Indexes.Any(index => IsVisibleThrough(index, shift)))
        {
            return false;
        }

        VmObject? rest = backing.Shadow;
        rest?.Reference();
        SetShadow(rest, ShadowOffset + backing.ShadowOffset);
        _system.Counters.Bypasses++;
        // Others hold it: this cannot end it, but one of them may be left alone with it.
        backing.Deallocate();
        return true;
    }
}
