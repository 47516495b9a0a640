using System.Runtime.CompilerServices;

namespace BsdVm;

/// <content>
/// What backends report of their tables: pv lists, counts, observers and the owed invalidations follow from it. Reports come after the
/// table was written. An invalidation that is owed reaches the processors with the next <see cref="Update"/>.
/// </content>
public sealed partial class PmapSystem
{
    private readonly InvalidationQueue _owed = new();

    /// <summary>Whether invalidations wait for <see cref="Update"/>.</summary>
    public bool HasOwedInvalidations => _owed.Count > 0;

    /// <summary>
    /// Makes every removal and reduction so far true on every processor: afterwards no TLB can use a translation that the tables no
    /// longer give. Frames that lost a mapping may be reused only now. Source: NetBSD <c>pmap_update</c>.
    /// </summary>
    public void Update()
    {
        if (_owed.Count > 0)
        {
            _owed.Deliver(this);
        }
    }

    /// <summary>A backend owes the processors that a page range of a pmap is dropped from their TLBs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OweInvalidation(Pmap pmap, AddressRange range)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        if (pmap.CachedOn != 0)
        {
            Counters.OwedInvalidations++;
            _owed.Add(pmap.Id, range);
        }
    }

    /// <summary>A backend made a new mapping of a managed frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteEntered(Pmap pmap, in PmapMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        Counters.Enters++;
        if (IsManaged(mapping.Frame))
        {
            _pv.Insert(mapping.Frame.Value, pmap.Id, mapping.Address);
        }

        Observer?.Entered(pmap, in mapping);
    }

    /// <summary>A backend changed the rights or flags of a mapping in place.</summary>
    public void NoteChanged(Pmap pmap, in PmapMapping mapping)
    {
        Counters.Changes++;
        Observer?.Changed(pmap, in mapping);
    }

    /// <summary>A backend ended a mapping; its bits are kept for the frame, and the TLBs are owed an invalidation.</summary>
    /// <exception cref="InvariantViolationException">The pv list does not have the mapping.</exception>
    public void NoteRemoved(Pmap pmap, in PmapMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(pmap);
        Counters.Removes++;
        if (IsManaged(mapping.Frame))
        {
            _saved[mapping.Frame.Value] |= mapping.Flags & (PmapFlags.Referenced | PmapFlags.Modified);
            if (!_pv.Remove(mapping.Frame.Value, pmap.Id, mapping.Address))
            {
                throw new InvariantViolationException(
                    "PV-SYMMETRY", $"frame {mapping.Frame}", $"pv entry of pmap {pmap.Id} at {mapping.Address}", "none");
            }
        }

        OweInvalidation(pmap, new AddressRange(mapping.Address, PageSize.BaseBytes));
        Observer?.Removed(pmap, mapping.Address);
    }

    /// <summary>A backend has done a call of the contract.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteCall(Pmap pmap, in PmapCall call) => Observer?.Called(pmap, in call);
}
