namespace BsdVm;

/// <content>
/// Promotion: a full table of level 1 that maps one aligned run of frames becomes one large page, and a table again before anything in it
/// changes. What the contract shows (mappings, counts, page lists) stays in base pages. Source: FreeBSD <c>pmap_promote_pde</c>,
/// <c>pmap_demote_pde</c>.
/// </content>
public abstract partial class RadixPmap<TFormat>
{
    // The regions that are one large page now, and the table that each had: kept, so that demotion cannot fail.
    private readonly Dictionary<ulong, PhysicalAddress> _promoted = [];

    /// <summary>The mappings, and for each large page that was promoted the whole of it, even where the range holds but a part.</summary>
    public sealed override IEnumerable<(PmapMapping Mapping, PageSize Size)> Pages(AddressRange range)
    {
        ulong yielded = NoRegion;
        foreach (PmapMapping mapping in Mappings(range))
        {
            ulong region = mapping.Address.Value >> LargeShift;
            if (!IsPromoted(mapping.Address.Value))
            {
                yield return (mapping, PageSize.Base);
            }
            else if (region != yielded)
            {
                yielded = region;
                ulong before = mapping.Address.Page - RangeOf(region).Start.Page;
                var first = new PageFrameNumber(mapping.Frame.Value - before);
                yield return (mapping with { Address = RangeOf(region).Start, Frame = first }, new(LargeShift));
            }
        }
    }

    /// <inheritdoc/>
    protected sealed override void Entered(VirtualAddress address)
    {
        if (TryFindLeafTable(address.Value) && TryMakeLarge(RadixTables<TFormat>.Index(address.Value, 1), out ulong large))
        {
            ulong region = address.Value >> LargeShift;
            if (!IsShared(region, out _))
            {
                Promote(region, large);
            }
        }
    }

    private bool IsPromoted(ulong address) => _promoted.Count > 0 && _promoted.ContainsKey(address >> LargeShift);

    private bool TryFindInLargePage(VirtualAddress address, out PmapMapping mapping)
    {
        if (!IsPromoted(address.Value))
        {
            mapping = default;
            return false;
        }

        ulong large = ReadRegion(address.Value >> LargeShift);
        mapping = TFormat.DecodePage(address, TFormat.Piece(large, RadixTables<TFormat>.Index(address.Value, 1)));
        return true;
    }

    // Whether the table of level 1 used last maps what one large page would. All entries must have been used, and all must have been stored
    // through if they may be at all: a large page has one modified bit, and a first store to one page would make all of them look modified.
    // (FreeBSD instead takes the right to store from a large page that is clean.) The entry just made, and then the last one, are looked at
    // first, so that filling a table costs little.
    private bool TryMakeLarge(int entered, out ulong large)
    {
        ulong first = ReadLeaf(0);
        large = first == 0 ? 0 : TFormat.Promote(first);
        if (large == 0 || ReadLeaf(entered) != TFormat.Piece(large, entered))
        {
            return false;
        }

        PmapMapping mapping = TFormat.DecodePage(new(0), first);
        int count = RadixTables<TFormat>.EntryCount(1);
        bool isSettled = (mapping.Flags & PmapFlags.Referenced) != 0
            && (!mapping.Rights.Allows(Protection.Write) || (mapping.Flags & PmapFlags.Modified) != 0);
        if (!isSettled || (mapping.Frame.Value & (ulong)(count - 1)) != 0)
        {
            return false;
        }

        for (int index = count - 1; index > 0; index--)
        {
            if (ReadLeaf(index) != TFormat.Piece(large, index))
            {
                return false;
            }
        }

        return true;
    }

    private ulong ReadLeaf(int index)
    {
        Owner.Counters.TableReferences++;
        return RadixTables<TFormat>.Read(_memory, _leafTable, index);
    }

    private void Promote(ulong region, ulong large)
    {
        _promoted.Add(region, _leafTable);
        WriteRegion(region, large);
        CountUnusualRegions();
        Owner.Counters.Promotions++;
        Owner.OweInvalidation(this, RangeOf(region));
    }

    private void Demote(ulong region)
    {
        ulong large = ReadRegion(region);
        _promoted.Remove(region, out PhysicalAddress table);

        // The kept table is still right unless the hardware has set a bit since (a kernel without CR0.WP stores into a read-only page).
        if (large != TFormat.Promote(RadixTables<TFormat>.Read(_memory, table, 0)))
        {
            for (int index = 0; index < RadixTables<TFormat>.EntryCount(1); index++)
            {
                Owner.Counters.TableReferences++;
                RadixTables<TFormat>.Write(_memory, table, index, TFormat.Piece(large, index));
            }
        }

        WriteRegion(region, TFormat.EncodeTable(table, 2));
        CountUnusualRegions();
        Owner.Counters.Demotions++;
        Owner.OweInvalidation(this, RangeOf(region));
    }
}
