namespace BsdVm.Arm;

/// <content>Sections, supersections and large pages, which are outside the pmap contract.</content>
public sealed partial class ArmPmap
{
    /// <summary>
    /// Maps memory by a large page (64 KB), a section (1 MB) or a supersection (16 MB), for pictures and tests of what the hardware does
    /// with one. No page list knows it, and base pages cannot be entered beside it.
    /// </summary>
    /// <param name="address">Its first address, aligned to the size.</param>
    /// <param name="physical">The memory, as aligned; below 4 GB, or 1 TB for a supersection.</param>
    /// <param name="size">64 KB, 1 MB or 16 MB.</param>
    /// <param name="rights">The rights, not empty; they round up to what the machine can express.</param>
    /// <returns>False, without any change, if a large page needs a table and there is no frame for it.</returns>
    /// <exception cref="ArgumentException">
    /// Something is mapped there, an address is not aligned or out of range, or there is no such size.
    /// </exception>
    public bool TryEnterLarge(VirtualAddress address, PhysicalAddress physical, PageSize size, Protection rights)
    {
        CheckLarge(address, physical, size, rights);
        var descriptor = new ArmDescriptor
        {
            Kind = KindOf(size),
            Base = physical.Value,
            Attributes = ArmLeaf.LargeAttributes(Owner.Backend.Capabilities.Express(rights)),
        };
        if (size.Shift == 16 && !TryMakeTable(address.Value))
        {
            return false;
        }

        Span<uint> old = stackalloc uint[descriptor.Repeats];
        PhysicalAddress at = PlaceOf(address, descriptor.Kind);
        ReadRun(at, old);
        if (old.ContainsAnyExcept(0u))
        {
            throw new ArgumentException($"Something is mapped at {address}.", nameof(address));
        }

        WriteRun(at, old.Length, descriptor.Encode());
        return true;
    }

    /// <summary>Takes out what <see cref="TryEnterLarge"/> put in. The TLBs are owed an invalidation.</summary>
    /// <param name="address">Any address in it.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public void RemoveLarge(VirtualAddress address)
    {
        if (!TryFindLarge(address.Value, out ArmDescriptor descriptor))
        {
            throw new ArgumentException($"No section or large page at {address}.", nameof(address));
        }

        var size = new PageSize(descriptor.PageShift);
        VirtualAddress first = address.RoundDown(size);
        WriteRun(PlaceOf(first, descriptor.Kind), descriptor.Repeats, 0);
        Owner.OweInvalidation(this, new AddressRange(first, size.Bytes));
    }

    /// <inheritdoc/>
    public override IEnumerable<(PmapMapping Mapping, PageSize Size)> Pages(AddressRange range)
    {
        ulong at = range.Start.RoundDown(PageSize.Base).Value;
        while (at < Owner.Backend.Capabilities.UserLimit && !range.IsEmpty && at <= range.Last.Value)
        {
            if (TryFindLarge(at, out ArmDescriptor large))
            {
                var size = new PageSize(large.PageShift);
                at = size.RoundDown(at);
                PmapFlags used = PmapFlags.Referenced | ((large.Attributes.AccessPermissions & 4) == 0 ? PmapFlags.Modified : 0);
                var frame = new PhysicalAddress(large.Base).Frame;
                yield return (new(new(at), frame, ArmLeaf.LargeRights(large.Attributes), used), size);
                at += size.Bytes;
            }
            else if (TryFind(new(at), out PmapMapping mapping))
            {
                yield return (mapping, PageSize.Base);
                at += PageSize.BaseBytes;
            }
            else
            {
                at = NextUsed(at);
            }
        }
    }

    private static ArmDescriptorKind KindOf(PageSize size) => size.Shift switch
    {
        24 => ArmDescriptorKind.Supersection,
        20 => ArmDescriptorKind.Section,
        _ => ArmDescriptorKind.LargePage,
    };

    private void CheckLarge(VirtualAddress address, PhysicalAddress physical, PageSize size, Protection rights)
    {
        if (size == PageSize.Base || !Owner.Backend.Capabilities.PageSizes.Contains(size))
        {
            throw new ArgumentException($"There are no large pages of {size} bytes.", nameof(size));
        }

        int physicalBits = size.Shift == 24 ? 40 : 32;
        if (!address.IsAligned(size) || !physical.IsAligned(size) || physical.Value >> physicalBits != 0
            || address.Value >= Owner.Backend.Capabilities.UserLimit)
        {
            throw new ArgumentException($"{size} at {address} for {physical} is not aligned or out of range.", nameof(address));
        }

        if (rights == Protection.None)
        {
            throw new ArgumentException("A mapping needs a right.", nameof(rights));
        }
    }

    private bool TryFindLarge(ulong address, out ArmDescriptor descriptor)
    {
        descriptor = ArmDescriptor.DecodeFirst(ReadFirst(ArmTables.FirstIndex(address & uint.MaxValue)));
        if (descriptor.Kind == ArmDescriptorKind.Table)
        {
            Owner.Counters.TableReferences++;
            descriptor = ArmDescriptor.DecodeSecond(_memory.Read32(ArmTables.At(new(descriptor.Base), ArmTables.SecondIndex(address))));
        }

        return descriptor.PageShift > PageSize.Base.Shift && address <= uint.MaxValue;
    }

    // The first address above one whose descriptor, of whichever level is there, is not zero.
    private ulong NextUsed(ulong address)
    {
        if (TryFindTable(address))
        {
            int second = ArmTables.FirstUsed(_memory, _regionTable, ArmTables.SecondIndex(address) + 1, ArmTables.SecondCount);
            if (second >= 0)
            {
                return ArmTables.PageAt(address, second);
            }
        }

        int first = ArmTables.FirstUsed(_memory, Root, ArmTables.FirstIndex(address) + 1, ArmTables.FirstCount);
        return first < 0 ? ulong.MaxValue : (ulong)first << 20;
    }

    // Where the first descriptor of a run stands. A second-level table must be there.
    private PhysicalAddress PlaceOf(VirtualAddress address, ArmDescriptorKind kind) =>
        kind != ArmDescriptorKind.LargePage ? ArmTables.At(Root, ArmTables.FirstIndex(address.Value))
        : TryFindTable(address.Value) ? ArmTables.At(_regionTable, ArmTables.SecondIndex(address.Value))
        : throw new InvariantViolationException("PMAP-TABLE", $"pmap {Id} at {address}", "a second-level table", "none");

    private void ReadRun(PhysicalAddress at, Span<uint> entries)
    {
        for (int index = 0; index < entries.Length; index++)
        {
            entries[index] = _memory.Read32(ArmTables.At(at, index));
        }

        Owner.Counters.TableReferences += entries.Length;
    }

    private void WriteRun(PhysicalAddress at, int count, uint entry)
    {
        for (int index = 0; index < count; index++)
        {
            _memory.Write32(ArmTables.At(at, index), entry);
        }

        Owner.Counters.TableReferences += count;
    }
}
