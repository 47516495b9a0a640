using System.Runtime.InteropServices;
using BsdVm.Snapshots;

namespace BsdVm;

/// <summary>
/// The pmap contract over a dictionary, written from the contract's text alone: it shares no code with <see cref="TablePmap"/>, so that
/// the two can be compared. It needs no table frames, so nothing in it can run out.
/// </summary>
internal sealed class ReferencePmap(PmapSystem system, int id, PmapCapabilities capabilities) : Pmap(system, id)
{
    private readonly Dictionary<ulong, PmapMapping> _mappings = [];

    public override long TableFrames => 0;

    public override PmapStatus Prepare(VirtualAddress address)
    {
        CheckPage(address);
        Owner.NoteCall(this, new(PmapCallKind.Prepare, new(address, PageSize.BaseBytes)));
        return PmapStatus.Success;
    }

    public override PmapStatus Enter(VirtualAddress address, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired)
    {
        CheckPage(address);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame.Value, 1UL << (capabilities.PhysicalAddressBits - PageSize.Base.Shift));
        if (rights == Protection.None)
        {
            throw new ArgumentException("A mapping needs a right.", nameof(rights));
        }

        var mapping = new PmapMapping(address, frame, capabilities.Express(rights), BitsOf(access) | (wired ? PmapFlags.Wired : 0));
        if (TryExtract(address, out PmapMapping old))
        {
            if (old.Frame == frame)
            {
                Replace(old, mapping with { Flags = mapping.Flags | (old.Flags & ~PmapFlags.Wired) });
                NoteEnter(rights, access, mapping);
                return PmapStatus.Success;
            }

            Drop(old);
        }

        _mappings.Add(address.Value, mapping);
        Count(PmapFlags.None, mapping.Flags);
        Owner.NoteEntered(this, in mapping);
        NoteEnter(rights, access, mapping);
        return PmapStatus.Success;
    }

    private void NoteEnter(Protection rights, AccessKind? access, in PmapMapping mapping) => Owner.NoteCall(
        this, new(PmapCallKind.Enter, new(mapping.Address, PageSize.BaseBytes), mapping.Frame, rights, access, (mapping.Flags & PmapFlags.Wired) != 0));

    public override void Remove(AddressRange range)
    {
        foreach (PmapMapping mapping in Mappings(range).ToList())
        {
            Drop(mapping);
        }

        Owner.NoteCall(this, new(PmapCallKind.Remove, range));
    }

    public override void Protect(AddressRange range, Protection rights)
    {
        foreach (PmapMapping mapping in Mappings(range).ToList())
        {
            Protection left = capabilities.Express(mapping.Rights & rights);
            if (left == Protection.None)
            {
                Drop(mapping);
            }
            else
            {
                Replace(mapping, mapping with { Rights = left });
            }
        }

        Owner.NoteCall(this, new(PmapCallKind.Protect, range, Rights: rights));
    }

    public override void Copy(Pmap source, AddressRange range)
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (PmapMapping mapping in source.Mappings(range))
        {
            Protection rights = capabilities.Express(mapping.Rights & ~Protection.Write);
            if (rights != Protection.None && mapping.Rights.Allows(rights) && !TryExtract(mapping.Address, out _))
            {
                Enter(mapping.Address, mapping.Frame, rights, null, wired: false);
            }
        }
    }

    public override bool TryExtract(VirtualAddress address, out PmapMapping mapping) =>
        _mappings.TryGetValue(address.Value & ~PageSize.Base.OffsetMask, out mapping);

    public override void ChangeWiring(VirtualAddress address, bool wired)
    {
        if (!TryExtract(address, out PmapMapping mapping))
        {
            throw new ArgumentException($"Nothing is mapped at {address}.", nameof(address));
        }

        Replace(mapping, mapping with { Flags = wired ? mapping.Flags | PmapFlags.Wired : mapping.Flags & ~PmapFlags.Wired });
        Owner.NoteCall(this, new(PmapCallKind.ChangeWiring, new(address, PageSize.BaseBytes), Wired: wired));
    }

    public override void ClearBits(VirtualAddress address, PmapFlags bits)
    {
        if (TryExtract(address, out PmapMapping mapping) && (mapping.Flags & bits) != 0)
        {
            _mappings[mapping.Address.Value] = mapping with { Flags = mapping.Flags & ~bits };
            Owe(mapping);
        }
    }

    public override void Collect()
    {
        foreach (PmapMapping mapping in _mappings.Values.Where(static mapping => (mapping.Flags & PmapFlags.Wired) == 0).ToList())
        {
            Drop(mapping);
        }

        Owner.NoteCall(this, new(PmapCallKind.Collect, new(new(0), capabilities.UserLimit)));
    }

    public override IEnumerable<PmapMapping> Mappings(AddressRange range)
    {
        // Page by page where that is the shorter way, so that removing one page from thousands stays cheap.
        if (range.PageCount > (ulong)_mappings.Count)
        {
            return _mappings.Values.Where(mapping => range.Contains(mapping.Address)).OrderBy(static mapping => mapping.Address);
        }

        return PageByPage(range);
    }

    // Whoever ends a pmap has removed its mappings before, and with no tables there is nothing else.
    public override void Destroy() => _mappings.Clear();

    public override Mmu? CreateView() => new ReferenceMmu(capabilities) { Loaded = this };

    public override TableSnapshot Snapshot() =>
        new MappingSnapshot(Owner.Backend.Name, [.. _mappings.Values.OrderBy(static mapping => mapping.Address)]);

    protected internal override void Load(Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        var mmu = (ReferenceMmu)cpu.Mmu;
        mmu.Load(this);
        if (capabilities.TagBits == 0)
        {
            cpu.Flush(keepGlobal: false);
        }
    }

    /// <summary>What hardware that keeps bits of its own does on an access.</summary>
    internal void RecordUse(VirtualAddress address, PmapFlags bits)
    {
        ref PmapMapping mapping = ref CollectionsMarshal.GetValueRefOrNullRef(_mappings, address.Value & ~PageSize.Base.OffsetMask);
        mapping = mapping with { Flags = mapping.Flags | bits };
    }

    private static PmapFlags BitsOf(AccessKind? access) => access switch
    {
        null => PmapFlags.None,
        AccessKind.Write => PmapFlags.Referenced | PmapFlags.Modified,
        _ => PmapFlags.Referenced,
    };

    private IEnumerable<PmapMapping> PageByPage(AddressRange range)
    {
        for (ulong page = 0; page < range.PageCount; page++)
        {
            if (TryExtract(range.Start + (page << PageSize.Base.Shift), out PmapMapping mapping))
            {
                yield return mapping;
            }
        }
    }

    private void CheckPage(VirtualAddress address)
    {
        if ((address.Value & PageSize.Base.OffsetMask) != 0)
        {
            throw new ArgumentException($"{address} is not page aligned.", nameof(address));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(address.Value, capabilities.UserLimit, nameof(address));
    }

    private void Replace(in PmapMapping old, in PmapMapping mapping)
    {
        if (mapping == old)
        {
            return;
        }

        _mappings[old.Address.Value] = mapping;
        Count(old.Flags, mapping.Flags);
        Owner.NoteChanged(this, in mapping);
        Owe(old);
    }

    private void Drop(in PmapMapping mapping)
    {
        _mappings.Remove(mapping.Address.Value);
        Count(mapping.Flags, PmapFlags.None);
        Owner.NoteRemoved(this, in mapping);
    }

    private void Owe(in PmapMapping mapping) => Owner.OweInvalidation(this, new AddressRange(mapping.Address, PageSize.BaseBytes));

    private void Count(PmapFlags before, PmapFlags after)
    {
        ResidentCount = _mappings.Count;
        WiredCount += (int)(after & PmapFlags.Wired) - (int)(before & PmapFlags.Wired);
    }
}
