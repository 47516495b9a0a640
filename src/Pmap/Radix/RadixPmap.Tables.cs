namespace BsdVm;

/// <content>The tables themselves: taking them, hanging them in, the way down through them, giving them back.</content>
public abstract partial class RadixPmap<TFormat>
{
    // Frames of the tables by level; level 1 first.
    private readonly long[] _framesByLevel = new long[TFormat.Levels];

    /// <summary>Takes the frames of a root table and clears them. False if there are none.</summary>
    protected static bool TryTakeRoot(PmapSystem system, out PhysicalAddress root) => TryTakeRoot(system, TFormat.FrameLimit, out root);

    /// <summary>As above, with the frames below one that the root register can name.</summary>
    protected static bool TryTakeRoot(PmapSystem system, PageFrameNumber below, out PhysicalAddress root)
    {
        ArgumentNullException.ThrowIfNull(system);
        return TryTake(system, TFormat.Levels, below, out root);
    }

    /// <summary>
    /// Takes the tables of the level below the root for all user space, where the format keeps the root's entries. False if a frame is
    /// missing; those taken then stay until <see cref="Destroy"/>.
    /// </summary>
    protected bool TryFillRoot()
    {
        ulong limit = Owner.Backend.Capabilities.UserLimit;
        for (ulong address = 0; address < limit; address += 1UL << TFormat.IndexShift(TFormat.Levels))
        {
            PhysicalAddress table = Root;
            if (!TryHangTables(address, TFormat.Levels, TFormat.Levels - 1, ref table))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Writes an entry above level 1 itself, taking tables above as needed: a large page, or 0 to take one out. False without any change if
    /// there is no frame for a table, or nothing to take out.
    /// </summary>
    /// <param name="address">An address in the large page.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="target">Its level.</param>
    /// <exception cref="ArgumentException">A table, or another large page, or mappings of the contract are there.</exception>
    protected bool TryWriteAbovePages(VirtualAddress address, ulong entry, int target = 2)
    {
        int level = DescendTo(address.Value, out PhysicalAddress table);
        ulong old = level >= target ? RadixTables<TFormat>.Read(_memory, table, RadixTables<TFormat>.Index(address.Value, level)) : 0;
        if (level < target || (old != 0 && (entry != 0 || level > target)) || IsPromoted(address.Value))
        {
            throw new ArgumentException($"Something is mapped at {address}.", nameof(address));
        }

        if (entry == 0 ? old == 0 : !TryHangTables(address.Value, level, target, ref table))
        {
            return false;
        }

        RadixTables<TFormat>.Write(_memory, table, RadixTables<TFormat>.Index(address.Value, target), entry);
        return true;
    }

    // Takes the tables of the levels below one down to another, and hangs them in: all or none. The table becomes the lowest of them.
    private bool TryHangTables(ulong address, int from, int to, ref PhysicalAddress table)
    {
        Span<PhysicalAddress> taken = stackalloc PhysicalAddress[8];
        for (int level = from - 1; level >= to; level--)
        {
            if (!TryTake(Owner, level, TFormat.FrameLimit, out taken[level]))
            {
                // No TLB knows these tables. But whoever takes their frames must not do so ahead of what is owed for others.
                Owner.Update();
                for (int undo = level + 1; undo < from; undo++)
                {
                    Owner.Frames.Free(taken[undo].Frame, RadixTables<TFormat>.FrameCount(undo));
                }

                return false;
            }
        }

        for (int level = from; level > to; level--)
        {
            int index = RadixTables<TFormat>.Index(address, level);
            RadixTables<TFormat>.Write(_memory, table, index, TFormat.EncodeTable(taken[level - 1], level));
            CountFrames(RadixTables<TFormat>.FrameCount(level - 1), level - 1);
            table = taken[level - 1];
        }

        return true;
    }

    private static bool TryTake(PmapSystem system, int level, PageFrameNumber below, out PhysicalAddress table)
    {
        int count = RadixTables<TFormat>.FrameCount(level);
        bool taken = system.Frames.TryAllocate(count, count, below, out PageFrameNumber first);
        table = first.Address;
        for (int frame = 0; taken && frame < count; frame++)
        {
            system.Machine.Memory.ZeroFrame(new(first.Value + (ulong)frame));
        }

        return taken;
    }

    // A table that others share stays theirs.
    private void Free(PhysicalAddress table, int level)
    {
        int count = RadixTables<TFormat>.FrameCount(level);
        if (level == 1 && Owner.SharedTables.TryLeave(table, this))
        {
            _framesByLevel[0] -= count;
            return;
        }

        CountFrames(-count, level);
        Owner.Frames.Free(table.Frame, count);
    }

    private void CountFrames(int count, int level)
    {
        _framesByLevel[level - 1] += count;
        Owner.Counters.AddTableFrames(count);
        Owner.Counters.AddTableBytes(count * (long)PageSize.BaseBytes);
    }

    private static ulong NextMultiple(ulong address, int shift) => unchecked(((address >> shift) + 1) << shift);

    private static ulong TableStart(ulong address, int level)
    {
        int shift = TFormat.IndexShift(level) + TFormat.IndexBits(level);
        return shift >= 64 ? 0 : address >> shift << shift;
    }

    // The lowest table on the way to an address, but not below a level, and its level.
    private int DescendTo(ulong address, out PhysicalAddress table, int lowest = 1)
    {
        table = Root;
        int level = TFormat.Levels;
        while (level > lowest)
        {
            Owner.Counters.TableReferences++;
            ulong entry = RadixTables<TFormat>.Read(_memory, table, RadixTables<TFormat>.Index(address, level));
            if (!TFormat.IsTable(entry, level))
            {
                break;
            }

            table = TFormat.TableOf(entry, level);
            level--;
        }

        return level;
    }

    // The entry of level 2 for a region whose tables above exist.
    private ulong ReadRegion(ulong region)
    {
        ulong address = region << LargeShift;
        Owner.Counters.TableReferences++;
        return DescendTo(address, out PhysicalAddress table, lowest: 2) == 2
            ? RadixTables<TFormat>.Read(_memory, table, RadixTables<TFormat>.Index(address, 2))
            : 0;
    }

    private void WriteRegion(ulong region, ulong entry)
    {
        ulong address = region << LargeShift;
        if (DescendTo(address, out PhysicalAddress table, lowest: 2) != 2)
        {
            throw new InvariantViolationException("PMAP-TABLE", $"pmap {Id} at 0x{address:x}", "a table of level 2", "none");
        }

        Owner.Counters.TableReferences++;
        RadixTables<TFormat>.Write(_memory, table, RadixTables<TFormat>.Index(address, 2), entry);
        _leafRegion = NoRegion;
    }

    // Gives back the tables below one, children first.
    private void ReleaseBelow(PhysicalAddress table, int level, bool onlyEmpty)
    {
        _leafRegion = NoRegion;
        int index = level == 1 ? -1 : RadixTables<TFormat>.FirstUsed(_memory, table, 0, level);
        for (; index >= 0; index = RadixTables<TFormat>.FirstUsed(_memory, table, index + 1, level))
        {
            ulong entry = RadixTables<TFormat>.Read(_memory, table, index);
            if (!TFormat.IsTable(entry, level))
            {
                continue;
            }

            PhysicalAddress child = TFormat.TableOf(entry, level);
            ReleaseBelow(child, level - 1, onlyEmpty);
            bool stays = level == TFormat.Levels && TFormat.KeepsRootEntries;
            if (!onlyEmpty || (!stays && RadixTables<TFormat>.FirstUsed(_memory, child, 0, level - 1) < 0))
            {
                RadixTables<TFormat>.Write(_memory, table, index, 0);
                Free(child, level - 1);
            }
        }
    }
}
