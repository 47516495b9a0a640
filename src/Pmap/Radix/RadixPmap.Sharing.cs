namespace BsdVm;

/// <content>
/// Tables of level 1 that several pmaps of a machine use together: a shared library's text, a kernel region. Each mapping in one is a
/// mapping of every sharer, with page-list entries and counts of its own; only the table is there once, and with it the referenced and
/// modified bits. A sharer that changes a mapping first gets a copy of the table. If there is no frame for one, Enter and Prepare say so,
/// and operations that cannot fail make all other sharers forget the region: nothing in a shared table is wired, and what is not wired may
/// be forgotten.
/// </content>
public abstract partial class RadixPmap<TFormat>
{
    // The regions whose table was shared when this pmap looked last. The others may have left since.
    private readonly HashSet<ulong> _sharedRegions = [];

    /// <summary>
    /// Takes over all that another pmap maps in a range, by using its page tables instead of tables of its own.
    /// <see cref="PmapCounters.SharedTableBytes"/> tells what that saves.
    /// </summary>
    /// <param name="donor">A pmap of the same machine.</param>
    /// <param name="range">Whole entries of level 2 (4 MB or 2 MB on x86), below the user limit.</param>
    /// <returns>
    /// False, with no mapping changed, if this pmap maps something there, if the donor has wired pages there, or if a frame for a table
    /// above is missing.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The donor is this pmap or no pmap of the machine, or the range is not aligned or too high.
    /// </exception>
    public bool TryShareTables(Pmap donor, AddressRange range)
    {
        if (donor is not RadixPmap<TFormat> giver || !ReferenceEquals(giver.Owner, Owner) || ReferenceEquals(giver, this))
        {
            throw new ArgumentException("Only tables of another pmap of the same machine can be shared.", nameof(donor));
        }

        ulong limit = Owner.Backend.Capabilities.UserLimit;
        if (!range.IsAligned(new(LargeShift)) || range.Last.Value >= limit || range.Start.Value >= limit)
        {
            throw new ArgumentException($"{range} is not made of whole tables below the user limit.", nameof(range));
        }

        ulong first = range.Start.Value >> LargeShift;
        ulong end = first + (range.LengthBytes >> LargeShift);
        if (!CanShare(giver, range) || !TryPrepareRegions(giver, first, end))
        {
            return false;
        }

        var replaced = new List<PhysicalAddress>();
        for (ulong region = first; region < end; region++)
        {
            ShareRegion(giver, region, replaced);
        }

        // A processor may be walking an empty table until its TLBs have been told.
        Owner.Update();
        replaced.ForEach(table => Free(table, 1));
        return true;
    }

    /// <inheritdoc/>
    protected sealed override void LeaveSharedTables(AddressRange range)
    {
        if (_sharedRegions.Count == 0)
        {
            return;
        }

        foreach (ulong region in _sharedRegions.ToArray())
        {
            if (IsShared(region, out PhysicalAddress table) && HoldsAllOf(range, region, table))
            {
                Leave(region, table);
            }
        }
    }

    private bool CanShare(RadixPmap<TFormat> giver, AddressRange range) =>
        !Mappings(range).Any() && !giver.Mappings(range).Any(static mapping => (mapping.Flags & PmapFlags.Wired) != 0);

    // All that can fail: tables above those that are shared.
    private bool TryPrepareRegions(RadixPmap<TFormat> giver, ulong first, ulong end)
    {
        for (ulong region = first; region < end; region++)
        {
            if (giver.ReadRegion(region) != 0)
            {
                int level = DescendTo(region << LargeShift, out PhysicalAddress table, lowest: 2);
                ulong entry = RadixTables<TFormat>.Read(_memory, table, RadixTables<TFormat>.Index(region << LargeShift, level));
                bool isFree = entry == 0 || (level == 2 && TFormat.IsTable(entry, 2));
                if (!isFree || !TryHangTables(region << LargeShift, level, 2, ref table))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void ShareRegion(RadixPmap<TFormat> giver, ulong region, List<PhysicalAddress> replaced)
    {
        if (giver._promoted.ContainsKey(region))
        {
            giver.Demote(region);
        }

        ulong entry = giver.ReadRegion(region);
        if (!TFormat.IsTable(entry, 2) || RadixTables<TFormat>.FirstUsed(_memory, TFormat.TableOf(entry, 2), 0, 1) < 0)
        {
            return;
        }

        ulong old = ReadRegion(region);
        if (TFormat.IsTable(old, 2))
        {
            replaced.Add(TFormat.TableOf(old, 2));
            Owner.OweInvalidation(this, RangeOf(region));
        }

        PhysicalAddress table = TFormat.TableOf(entry, 2);
        WriteRegion(region, TFormat.EncodeTable(table, 2));
        _framesByLevel[0] += RadixTables<TFormat>.FrameCount(1);
        Owner.SharedTables.Join(table, giver, this, RadixTables<TFormat>.FrameCount(1));
        NoteShared(region);
        giver.NoteShared(region);
        foreach (PmapMapping mapping in MappingsIn(table, region))
        {
            ResidentCount++;
            Owner.NoteEntered(this, in mapping);
        }
    }

    private void NoteShared(ulong region)
    {
        _sharedRegions.Add(region);
        CountUnusualRegions();
    }

    private bool IsShared(ulong region, out PhysicalAddress table)
    {
        table = default;
        if (_sharedRegions.Count == 0 || !_sharedRegions.Contains(region))
        {
            return false;
        }

        if (TryFindLeafTable(region << LargeShift, out table) && Owner.SharedTables.IsShared(table))
        {
            return true;
        }

        _sharedRegions.Remove(region);
        CountUnusualRegions();
        return false;
    }

    private bool TryUnshare(ulong region)
    {
        if (!IsShared(region, out PhysicalAddress table))
        {
            return true;
        }

        if (!TryTake(Owner, 1, TFormat.FrameLimit, out PhysicalAddress copy))
        {
            return false;
        }

        for (int frame = 0; frame < RadixTables<TFormat>.FrameCount(1); frame++)
        {
            _memory.CopyFrame(new(table.Frame.Value + (ulong)frame), new(copy.Frame.Value + (ulong)frame));
        }

        Forsake(region, table);
        WriteRegion(region, TFormat.EncodeTable(copy, 2));
        CountFrames(RadixTables<TFormat>.FrameCount(1), 1);
        Owner.Counters.UnsharedTables++;

        // The same translations, but the walkers' own caches may know the old table.
        Owner.OweInvalidation(this, RangeOf(region));
        return true;
    }

    private void TakeFromSharers(ulong region)
    {
        if (!IsShared(region, out PhysicalAddress table))
        {
            return;
        }

        foreach (Pmap sharer in Owner.SharedTables.SharersOf(table).ToArray())
        {
            if (!ReferenceEquals(sharer, this))
            {
                ((RadixPmap<TFormat>)sharer).Leave(region, table);
            }
        }

        _sharedRegions.Remove(region);
        CountUnusualRegions();
    }

    // Ends all mappings of the region, none of which is wired, and leaves the table to the others.
    private void Leave(ulong region, PhysicalAddress table)
    {
        WriteRegion(region, 0);
        foreach (PmapMapping mapping in MappingsIn(table, region))
        {
            ResidentCount--;
            Owner.NoteRemoved(this, in mapping);
        }

        Forsake(region, table);
    }

    private void Forsake(ulong region, PhysicalAddress table)
    {
        Owner.SharedTables.TryLeave(table, this);
        _framesByLevel[0] -= RadixTables<TFormat>.FrameCount(1);
        _sharedRegions.Remove(region);
        CountUnusualRegions();
    }

    // Referenced and modified bits are the frame's: they change for all sharers in place, and all their TLBs are owed an invalidation.
    private bool TryRewriteShared(VirtualAddress address, ulong entry)
    {
        if (!IsShared(address.Value >> LargeShift, out PhysicalAddress table))
        {
            return false;
        }

        WriteHere(address, entry);
        foreach (Pmap sharer in Owner.SharedTables.SharersOf(table))
        {
            Owner.OweInvalidation(sharer, new AddressRange(address, PageSize.BaseBytes));
        }

        return true;
    }

    private bool HoldsAllOf(AddressRange range, ulong region, PhysicalAddress table)
    {
        PageNumber start = RangeOf(region).Start.Page;
        VirtualAddress first = (start + (ulong)RadixTables<TFormat>.FirstUsed(_memory, table, 0, 1)).Address;
        if (first < range.Start)
        {
            return false;
        }

        ulong behind = range.Last < first ? 0 : range.Last.Page - start + 1;
        int count = RadixTables<TFormat>.EntryCount(1);
        return behind >= (ulong)count || RadixTables<TFormat>.FirstUsed(_memory, table, (int)behind, 1) < 0;
    }

    private IEnumerable<PmapMapping> MappingsIn(PhysicalAddress table, ulong region)
    {
        int index = RadixTables<TFormat>.FirstUsed(_memory, table, 0, 1);
        for (; index >= 0; index = RadixTables<TFormat>.FirstUsed(_memory, table, index + 1, 1))
        {
            ulong entry = RadixTables<TFormat>.Read(_memory, table, index);
            yield return TFormat.DecodePage((RangeOf(region).Start.Page + (ulong)index).Address, entry);
        }
    }
}
