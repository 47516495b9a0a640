namespace BsdVm;

/// <summary>The pmap of <see cref="ReferenceBackend"/>, written apart from <see cref="TablePmap"/> so that neither hides a mistake of the other.</summary>
public sealed class ReferencePmap : Pmap
{
    private readonly SortedDictionary<ulong, PmapMapping> _mappings = [];

    internal ReferencePmap(PmapSystem system, int id)
        : base(system, id)
    {
    }

    /// <inheritdoc/>
    public override long TableFrames => 0;

    /// <inheritdoc/>
    public override PmapStatus Prepare(VirtualAddress address) => PmapStatus.Success;

    /// <inheritdoc/>
    public override PmapStatus Enter(VirtualAddress address, PageFrameNumber frame, Protection rights, AccessKind? access, bool wired)
    {
        if ((address.Value & PageSize.Base.OffsetMask) != 0 || rights == Protection.None)
        {
            throw new ArgumentException($"{address} with rights '{rights.ToText()}' cannot be mapped.", nameof(address));
        }

        if (address.Value >= Owner.Backend.Capabilities.UserLimit)
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{address} is outside what {Owner.Backend.Name} maps.");
        }

        bool isSame = _mappings.TryGetValue(address.Value, out PmapMapping old) && old.Frame == frame;
        if (!isSame && old != default)
        {
            Drop(old);
        }

        PmapFlags bits = isSame ? old.Flags & ~PmapFlags.Wired : access switch
        {
            null => PmapFlags.None,
            AccessKind.Write => PmapFlags.Referenced | PmapFlags.Modified,
            _ => PmapFlags.Referenced,
        };
        var made = new PmapMapping(address, frame, Owner.Backend.Capabilities.Express(rights), bits | (wired ? PmapFlags.Wired : 0));
        Put(made);
        if (!isSame)
        {
            Owner.NoteEntered(this, in made);
        }
        else if (made != old)
        {
            Owner.NoteChanged(this, in made);
            Owner.OweInvalidation(this, new AddressRange(address, PageSize.BaseBytes));
        }

        return PmapStatus.Success;
    }

    /// <inheritdoc/>
    public override void Remove(AddressRange range)
    {
        foreach (PmapMapping mapping in Mappings(range).ToArray())
        {
            Drop(mapping);
        }
    }

    /// <inheritdoc/>
    public override void Protect(AddressRange range, Protection rights)
    {
        foreach (PmapMapping mapping in Mappings(range).ToArray())
        {
            Protection left = Owner.Backend.Capabilities.Express(mapping.Rights & rights);
            if (left == Protection.None || !mapping.Rights.Allows(left))
            {
                Drop(mapping);
            }
            else if (left != mapping.Rights)
            {
                PmapMapping lowered = mapping with { Rights = left };
                Put(lowered);
                Owner.NoteChanged(this, in lowered);
                Owner.OweInvalidation(this, new AddressRange(mapping.Address, PageSize.BaseBytes));
            }
        }
    }

    /// <inheritdoc/>
    public override bool TryExtract(VirtualAddress address, out PmapMapping mapping) =>
        _mappings.TryGetValue(address.Value & ~PageSize.Base.OffsetMask, out mapping);

    /// <inheritdoc/>
    public override void ChangeWiring(VirtualAddress address, bool wired)
    {
        if (!_mappings.TryGetValue(address.Value, out PmapMapping old))
        {
            throw new ArgumentException($"Nothing is mapped at {address}.", nameof(address));
        }

        Put(old with { Flags = wired ? old.Flags | PmapFlags.Wired : old.Flags & ~PmapFlags.Wired });
    }

    /// <inheritdoc/>
    public override void ClearBits(VirtualAddress address, PmapFlags bits)
    {
        if (_mappings.TryGetValue(address.Value, out PmapMapping old) && (old.Flags & bits) != 0)
        {
            Put(old with { Flags = old.Flags & ~bits });
            Owner.OweInvalidation(this, new AddressRange(address, PageSize.BaseBytes));
        }
    }

    /// <inheritdoc/>
    public override void Collect()
    {
        foreach (PmapMapping mapping in _mappings.Values.Where(static mapping => (mapping.Flags & PmapFlags.Wired) == 0).ToArray())
        {
            Drop(mapping);
        }

        Owner.Update();
    }

    /// <inheritdoc/>
    public override IEnumerable<PmapMapping> Mappings(AddressRange range) =>
        _mappings.Values.SkipWhile(mapping => mapping.Address < range.Start).TakeWhile(mapping => range.Contains(mapping.Address));

    /// <inheritdoc/>
    public override void Destroy() => _mappings.Clear();

    /// <summary>The hardware's half: an access was allowed.</summary>
    internal void NoteUse(VirtualAddress page, AccessKind access)
    {
        PmapMapping old = _mappings[page.Value];
        PmapFlags bits = access == AccessKind.Write ? PmapFlags.Referenced | PmapFlags.Modified : PmapFlags.Referenced;
        if ((old.Flags & bits) != bits)
        {
            _mappings[page.Value] = old with { Flags = old.Flags | bits };
        }
    }

    /// <inheritdoc/>
    protected internal override void Load(Cpu cpu)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        ((ReferenceMmu)cpu.Mmu).Loaded = this;
        cpu.Tlb.Flush(keepGlobal: true);
    }

    private void Put(in PmapMapping mapping)
    {
        Uncount(mapping.Address);
        _mappings[mapping.Address.Value] = mapping;
        ResidentCount++;
        WiredCount += IsWired(in mapping) ? 1 : 0;
    }

    private void Drop(in PmapMapping mapping)
    {
        Uncount(mapping.Address);
        _mappings.Remove(mapping.Address.Value);
        Owner.NoteRemoved(this, in mapping);
    }

    private void Uncount(VirtualAddress page)
    {
        if (_mappings.TryGetValue(page.Value, out PmapMapping old))
        {
            ResidentCount--;
            WiredCount -= IsWired(in old) ? 1 : 0;
        }
    }

    private static bool IsWired(in PmapMapping mapping) => (mapping.Flags & PmapFlags.Wired) != 0;
}
