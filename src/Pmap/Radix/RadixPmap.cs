using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// A pmap over a radix tree of tables in physical memory, for every format of one. Tables are whole frames; they stay when their last
/// entry goes, until <see cref="Pmap.Collect"/>. Only base pages are entered; entries of another kind are left alone and not seen.
/// </summary>
public abstract class RadixPmap<TFormat> : TablePmap
    where TFormat : struct, IRadixFormat
{
    private const ulong NoRegion = ulong.MaxValue;

    private readonly PhysicalMemory _memory;
    private long _tableFrames;

    // The table of level 1 used last and the region it covers: neighbouring operations skip the way down to it.
    private ulong _leafRegion = NoRegion;
    private PhysicalAddress _leafTable;

    /// <summary>An empty pmap whose root table was taken by <see cref="TryTakeRoot(PmapSystem, out PhysicalAddress)"/>.</summary>
    protected RadixPmap(PmapSystem system, int id, PhysicalAddress root)
        : base(system, id)
    {
        _memory = Owner.Machine.Memory;
        Root = root;
        CountFrames(RadixTables<TFormat>.FrameCount(TFormat.Levels));
    }

    /// <summary>Where the root table starts.</summary>
    public PhysicalAddress Root { get; }

    /// <inheritdoc/>
    public sealed override long TableFrames => _tableFrames;

    /// <summary>The memory that the tables lie in.</summary>
    protected PhysicalMemory Memory => _memory;

    /// <inheritdoc/>
    public override void Destroy()
    {
        ReleaseBelow(Root, TFormat.Levels, onlyEmpty: false);
        Free(Root, TFormat.Levels);
    }

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

    /// <inheritdoc/>
    protected sealed override bool TryFind(VirtualAddress address, out PmapMapping mapping)
    {
        if (TryFindLeafTable(address.Value))
        {
            Owner.Counters.TableReferences++;
            ulong entry = RadixTables<TFormat>.Read(_memory, _leafTable, RadixTables<TFormat>.Index(address.Value, 1));
            if (entry != 0)
            {
                mapping = TFormat.DecodePage(address, entry);
                return true;
            }
        }

        mapping = default;
        return false;
    }

    /// <inheritdoc/>
    protected sealed override bool TryFindNext(VirtualAddress from, VirtualAddress last, out PmapMapping mapping)
    {
        ulong at = from.Value;
        do
        {
            int level = TryFindLeafTable(at, out PhysicalAddress table) ? 1 : DescendTo(at, out table);
            int start = RadixTables<TFormat>.Index(at, level) + (level == 1 ? 0 : 1);
            int index = RadixTables<TFormat>.FirstUsed(_memory, table, start, level);
            if (index < 0)
            {
                // Nothing more in this table: on behind all that it covers.
                at = NextMultiple(at, TFormat.IndexShift(level) + TFormat.IndexBits(level));
                continue;
            }

            ulong first = TableStart(at, level) + ((ulong)index << TFormat.IndexShift(level));
            if (level == 1)
            {
                mapping = default;
                return first <= last.Value && TryFind(new(first), out mapping);
            }

            at = first;
        }
        while (at <= last.Value && at != 0);

        mapping = default;
        return false;
    }

    /// <inheritdoc/>
    protected sealed override bool TryPrepare(VirtualAddress address)
    {
        if (TryFindLeafTable(address.Value))
        {
            return true;
        }

        int level = DescendTo(address.Value, out PhysicalAddress table);
        if (RadixTables<TFormat>.Read(_memory, table, RadixTables<TFormat>.Index(address.Value, level)) != 0)
        {
            throw new ArgumentException($"{address} lies in a large page.", nameof(address));
        }

        return TryHangTables(address.Value, level, 1, ref table);
    }

    /// <summary>
    /// Writes an entry above level 1 itself, taking tables above as needed: a large page, or 0 to take one out. False without any change if
    /// there is no frame for a table, or nothing to take out.
    /// </summary>
    /// <exception cref="ArgumentException">A table, or another large page, is there.</exception>
    protected bool TryWriteAbovePages(VirtualAddress address, ulong entry, int target)
    {
        int level = DescendTo(address.Value, out PhysicalAddress table);
        ulong old = level >= target ? RadixTables<TFormat>.Read(_memory, table, RadixTables<TFormat>.Index(address.Value, level)) : 0;
        if (level < target || (old != 0 && (entry != 0 || level > target)))
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
            CountFrames(RadixTables<TFormat>.FrameCount(level - 1));
            table = taken[level - 1];
        }

        return true;
    }

    /// <inheritdoc/>
    protected sealed override void Install(in PmapMapping mapping) =>
        Write(mapping.Address, TFormat.EncodePage(mapping.Frame, mapping.Rights, mapping.Flags));

    /// <inheritdoc/>
    protected sealed override void Rewrite(in PmapMapping mapping) =>
        Write(mapping.Address, TFormat.EncodePage(mapping.Frame, mapping.Rights, mapping.Flags));

    /// <inheritdoc/>
    protected sealed override void Clear(in PmapMapping mapping) => Write(mapping.Address, 0);

    /// <inheritdoc/>
    protected override void ReleaseEmptyTables() => ReleaseBelow(Root, TFormat.Levels, onlyEmpty: true);

    private static ulong NextMultiple(ulong address, int shift) => unchecked(((address >> shift) + 1) << shift);

    private static ulong TableStart(ulong address, int level)
    {
        int shift = TFormat.IndexShift(level) + TFormat.IndexBits(level);
        return shift >= 64 ? 0 : address >> shift << shift;
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

    private void Free(PhysicalAddress table, int level)
    {
        int count = RadixTables<TFormat>.FrameCount(level);
        CountFrames(-count);
        Owner.Frames.Free(table.Frame, count);
    }

    private void CountFrames(int count)
    {
        _tableFrames += count;
        Owner.Counters.AddTableFrames(count);
        Owner.Counters.AddTableBytes((long)count << PageSize.Base.Shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(VirtualAddress address, ulong entry)
    {
        if (!TryFindLeafTable(address.Value))
        {
            throw new InvariantViolationException("PMAP-TABLE", $"pmap {Id} at {address}", "a table of level 1", "none");
        }

        Owner.Counters.TableReferences++;
        RadixTables<TFormat>.Write(_memory, _leafTable, RadixTables<TFormat>.Index(address.Value, 1), entry);
    }

    private bool TryFindLeafTable(ulong address, out PhysicalAddress table)
    {
        bool found = TryFindLeafTable(address);
        table = _leafTable;
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFindLeafTable(ulong address)
    {
        ulong region = address >> TFormat.IndexShift(2);
        return region == _leafRegion || TryLoadLeafTable(address, region);
    }

    private bool TryLoadLeafTable(ulong address, ulong region)
    {
        if (DescendTo(address, out PhysicalAddress table) != 1)
        {
            return false;
        }

        _leafRegion = region;
        _leafTable = table;
        return true;
    }

    // The lowest table on the way to an address, and its level.
    private int DescendTo(ulong address, out PhysicalAddress table)
    {
        table = Root;
        int level = TFormat.Levels;
        while (level > 1)
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
