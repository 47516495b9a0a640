using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// The contract over any table structure: a backend's author writes seven small primitives about entries of the table, and everything
/// that all pmaps must do the same way (page lists, saved bits, counts, wiring, owed invalidations, which rights may change how) stands
/// here once.
/// </summary>
public abstract class TablePmap : Pmap
{
    private readonly PmapCapabilities _capabilities;
    private readonly ulong _limit;
    private readonly ulong _frameLimit;

    // The page that was prepared last, and the references that it took: a part of what entering it costs.
    private ulong _preparedPage = ulong.MaxValue;
    private long _preparedReferences;

    /// <summary>An empty pmap over a table.</summary>
    protected TablePmap(PmapSystem system, int id)
        : base(system, id)
    {
        _capabilities = Owner.Backend.Capabilities;
        _limit = _capabilities.UserLimit;
        _frameLimit = 1UL << (_capabilities.PhysicalAddressBits - PageSize.Base.Shift);
    }

    /// <inheritdoc/>
    public sealed override PmapStatus Prepare(VirtualAddress address)
    {
        CheckPage(address);
        long before = Owner.Counters.TableReferences;
        bool isReady = TryPrepare(address);
        if (address.Value != _preparedPage)
        {
            _preparedPage = address.Value;
            _preparedReferences = Owner.Counters.TableReferences - before;
        }

        if (!isReady)
        {
            return PmapStatus.ResourceShortage;
        }

        Owner.NoteCall(this, new(PmapCallKind.Prepare, new(address, PageSize.BaseBytes)));
        return PmapStatus.Success;
    }

    /// <inheritdoc/>
    public sealed override PmapStatus Enter(VirtualAddress address, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired)
    {
        CheckEnter(address, frame, rights);
        Owner.Counters.Enter.Begin(Owner.Counters, address.Value == _preparedPage ? _preparedReferences : 0);
        _preparedPage = ulong.MaxValue;
        PmapStatus status = EnterChecked(address, frame, rights, access, wired);
        Owner.Counters.Enter.End(Owner.Counters);
        if (status == PmapStatus.Success)
        {
            if (Owner.PromotesLargePages)
            {
                Entered(address);
            }

            Owner.NoteCall(this, new(PmapCallKind.Enter, new(address, PageSize.BaseBytes), frame, rights, access, wired));
        }

        return status;
    }

    private PmapStatus EnterChecked(VirtualAddress address, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired)
    {
        rights = _capabilities.Express(rights);
        bool present = TryFind(address, out PmapMapping old);
        if (present && old.Frame == frame)
        {
            Change(old, rights, wired, SeedBits(access));
            return PmapStatus.Success;
        }

        if (!TryPrepare(address))
        {
            return PmapStatus.ResourceShortage;
        }

        if (present)
        {
            RemoveOne(old);
        }

        var mapping = new PmapMapping(address, frame, rights, (wired ? PmapFlags.Wired : 0) | SeedBits(access));
        Install(mapping);
        Owner.NoteEntered(this, in mapping);
        ResidentCount++;
        if (wired)
        {
            WiredCount++;
        }

        return PmapStatus.Success;
    }

    /// <inheritdoc/>
    public sealed override void Remove(AddressRange range)
    {
        Owner.Counters.Remove.Begin(Owner.Counters);
        LeaveSharedTables(range);
        VirtualAddress from = range.Start;
        while (TryNext(range, from, out PmapMapping mapping))
        {
            RemoveOne(mapping);
            from = mapping.Address + PageSize.BaseBytes;
        }

        Owner.Counters.Remove.End(Owner.Counters);
        Owner.NoteCall(this, new(PmapCallKind.Remove, range));
    }

    /// <inheritdoc/>
    public sealed override void Protect(AddressRange range, Protection rights)
    {
        Owner.Counters.Protect.Begin(Owner.Counters);
        VirtualAddress from = range.Start;
        while (TryNext(range, from, out PmapMapping mapping))
        {
            Reduce(mapping, rights);
            from = mapping.Address + PageSize.BaseBytes;
        }

        Owner.Counters.Protect.End(Owner.Counters);
        Owner.NoteCall(this, new(PmapCallKind.Protect, range, Rights: rights));
    }

    /// <inheritdoc/>
    public sealed override void Copy(Pmap source, AddressRange range)
    {
        var from = (TablePmap)source;
        VirtualAddress at = range.Start;
        while (from.TryNext(range, at, out PmapMapping mapping) && TryCopy(mapping))
        {
            at = mapping.Address + PageSize.BaseBytes;
        }
    }

    /// <inheritdoc/>
    public sealed override bool TryExtract(VirtualAddress address, out PmapMapping mapping)
    {
        // A table sees only the address bits that it translates: those above must not make a second name of a page.
        if (address.Value < _limit)
        {
            return TryFind(new(address.Value & ~PageSize.Base.OffsetMask), out mapping);
        }

        mapping = default;
        return false;
    }

    /// <inheritdoc/>
    public sealed override void ChangeWiring(VirtualAddress address, bool wired)
    {
        if (!TryExtract(address, out PmapMapping mapping))
        {
            throw new ArgumentException($"Nothing is mapped at {address}.", nameof(address));
        }

        Change(mapping, mapping.Rights, wired, PmapFlags.None);
        Owner.NoteCall(this, new(PmapCallKind.ChangeWiring, new(address, PageSize.BaseBytes), Wired: wired));
    }

    /// <inheritdoc/>
    public sealed override void ClearBits(VirtualAddress address, PmapFlags bits)
    {
        if (TryFind(address, out PmapMapping mapping) && (mapping.Flags & bits) != 0)
        {
            RewriteBits(mapping with { Flags = mapping.Flags & ~bits });
            Owner.OweInvalidation(this, new AddressRange(address, PageSize.BaseBytes));
        }
    }

    /// <inheritdoc/>
    public sealed override void Collect()
    {
        var all = new AddressRange(new(0), _limit);
        LeaveSharedTables(all);
        VirtualAddress from = all.Start;
        while (TryNext(all, from, out PmapMapping mapping))
        {
            if ((mapping.Flags & PmapFlags.Wired) == 0)
            {
                RemoveOne(mapping);
            }

            from = mapping.Address + PageSize.BaseBytes;
        }

        // A processor may be walking a table until its TLBs have been told: tables go after the update.
        Owner.Update();
        ReleaseEmptyTables();
        Owner.NoteCall(this, new(PmapCallKind.Collect, all));
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<PmapMapping> Mappings(AddressRange range)
    {
        VirtualAddress from = range.Start;
        while (TryNext(range, from, out PmapMapping mapping))
        {
            yield return mapping;
            from = mapping.Address + PageSize.BaseBytes;
        }
    }

    /// <summary>The entry of one page, decoded. The address is page aligned.</summary>
    protected abstract bool TryFind(VirtualAddress address, out PmapMapping mapping);

    /// <summary>The first entry at or above <paramref name="from"/> and not above <paramref name="last"/>. Must skip empty tables quickly.</summary>
    protected abstract bool TryFindNext(VirtualAddress from, VirtualAddress last, out PmapMapping mapping);

    /// <summary>Makes room for an entry at the page, taking frames for tables as needed. False without any change if one is missing.</summary>
    protected abstract bool TryPrepare(VirtualAddress address);

    /// <summary>Writes an entry where there is none and <see cref="TryPrepare"/> has just made room.</summary>
    protected abstract void Install(in PmapMapping mapping);

    /// <summary>Writes an existing entry anew: same frame, other rights or flags.</summary>
    protected abstract void Rewrite(in PmapMapping mapping);

    /// <summary>Writes an existing entry anew: only the referenced and modified bits are others.</summary>
    protected virtual void RewriteBits(in PmapMapping mapping) => Rewrite(in mapping);

    /// <summary>Clears an existing entry.</summary>
    protected abstract void Clear(in PmapMapping mapping);

    /// <summary>Gives back tables that hold no entry. May keep some.</summary>
    protected abstract void ReleaseEmptyTables();

    /// <summary>Ends the mappings of each table that other pmaps use too and of which all mappings lie in a range, by leaving the table to them.</summary>
    protected virtual void LeaveSharedTables(AddressRange range)
    {
    }

    /// <summary>A page was entered, and large pages are wanted: the place to promote.</summary>
    protected virtual void Entered(VirtualAddress address)
    {
    }

    /// <summary>Bits that a new entry starts with, given the access that is about to be made. Hardware that keeps its own may start with none.</summary>
    protected virtual PmapFlags SeedBits(AccessKind? access) => PmapFlags.None;

    // The first mapping of a range at or above an address, without what lies outside the limit.
    private bool TryNext(AddressRange range, VirtualAddress from, out PmapMapping mapping)
    {
        mapping = default;
        return from.Value < _limit && range.Contains(from)
            && TryFindNext(from, new(Math.Min(range.Last.Value, _limit - 1)), out mapping);
    }

    // False only for want of a frame for a table: then the rest is left to faults.
    private bool TryCopy(in PmapMapping mapping)
    {
        long before = Owner.Counters.TableReferences;
        Protection rights = _capabilities.Express(mapping.Rights & ~Protection.Write);
        if (rights == Protection.None || !mapping.Rights.Allows(rights) || TryFind(mapping.Address, out _))
        {
            return true;
        }

        Owner.Counters.Enter.Begin(Owner.Counters, Owner.Counters.TableReferences - before);
        bool copied = TryPrepare(mapping.Address);
        if (copied)
        {
            var copy = new PmapMapping(mapping.Address, mapping.Frame, rights, PmapFlags.None);
            Install(copy);
            Owner.NoteEntered(this, in copy);
            ResidentCount++;
        }

        Owner.Counters.Enter.End(Owner.Counters);
        if (copied)
        {
            Owner.NoteCall(this, new(PmapCallKind.Enter, new(mapping.Address, PageSize.BaseBytes), mapping.Frame, rights));
        }

        return copied;
    }

    private void CheckPage(VirtualAddress address)
    {
        if ((address.Value & PageSize.Base.OffsetMask) != 0)
        {
            throw new ArgumentException($"{address} is not page aligned.", nameof(address));
        }

        if (address.Value >= _limit)
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{address} is outside what {Owner.Backend.Name} maps.");
        }
    }

    private void CheckEnter(VirtualAddress address, PageFrameNumber frame, Protection rights)
    {
        CheckPage(address);
        if (frame.Value >= _frameLimit)
        {
            throw new ArgumentOutOfRangeException(nameof(frame), $"Frame {frame} is beyond what {Owner.Backend.Name} can name.");
        }

        if (rights == Protection.None)
        {
            throw new ArgumentException("A mapping needs a right.", nameof(rights));
        }
    }

    private void Change(in PmapMapping old, Protection rights, bool wired, PmapFlags used)
    {
        PmapFlags flags = (old.Flags & ~PmapFlags.Wired) | used | (wired ? PmapFlags.Wired : PmapFlags.None);
        if (rights == old.Rights && flags == old.Flags)
        {
            return;
        }

        PmapMapping changed = old with { Rights = rights, Flags = flags };
        if (rights == old.Rights && ((flags ^ old.Flags) & PmapFlags.Wired) == 0)
        {
            RewriteBits(in changed);
        }
        else
        {
            Rewrite(in changed);
        }

        WiredCount += (int)(flags & PmapFlags.Wired) - (int)(old.Flags & PmapFlags.Wired);
        Owner.NoteChanged(this, in changed);
        if (!rights.Allows(old.Rights))
        {
            Owner.OweInvalidation(this, new AddressRange(old.Address, PageSize.BaseBytes));
        }
    }

    private void Reduce(in PmapMapping old, Protection rights)
    {
        // What is left must be expressible without adding a right that the mapping did not have, or that was not asked for.
        Protection left = _capabilities.Express(old.Rights & rights);
        if (left == Protection.None || (!old.Rights.Allows(left)))
        {
            RemoveOne(old);
        }
        else if (left != old.Rights)
        {
            Change(old, left, (old.Flags & PmapFlags.Wired) != 0, PmapFlags.None);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RemoveOne(in PmapMapping old)
    {
        Clear(old);
        ResidentCount--;
        if ((old.Flags & PmapFlags.Wired) != 0)
        {
            WiredCount--;
        }

        Owner.NoteRemoved(this, old);
    }
}
