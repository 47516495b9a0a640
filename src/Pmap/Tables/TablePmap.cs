namespace BsdVm;

/// <summary>
/// The contract over any table structure: a backend's author writes seven small primitives about entries of the table, and everything
/// that all pmaps must do the same way (page lists, saved bits, counts, wiring, owed invalidations, which rights may change how) stands
/// here once.
/// </summary>
public abstract partial class TablePmap : Pmap
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
        _frameLimit = (1UL << _capabilities.PhysicalAddressBits) / PageSize.BaseBytes;
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

        Owner.NoteCall(this, new(PmapCallKind.Prepare, AddressRange.OfPage(address.Page)));
        return PmapStatus.Success;
    }

    /// <inheritdoc/>
    public sealed override PmapStatus Enter(
        VirtualAddress address, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired)
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

            Owner.NoteCall(this, new(PmapCallKind.Enter, AddressRange.OfPage(address.Page), frame, rights, access, wired));
        }

        return status;
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
            return TryFind(address.RoundDown(PageSize.Base), out mapping);
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
            Owner.OweInvalidation(this, AddressRange.OfPage(address.Page));
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
}
