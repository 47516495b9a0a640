using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// A pmap over a radix tree of tables in physical memory, for every format of one. Tables are whole frames; they stay when their last
/// entry goes, until <see cref="Pmap.Collect"/>. Only base pages are entered; entries of another kind that this pmap has not made itself
/// are left alone and not seen.
/// </summary>
public abstract partial class RadixPmap<TFormat> : TablePmap
    where TFormat : struct, IRadixFormat
{
    private const ulong NoRegion = ulong.MaxValue;

    private readonly PhysicalMemory _memory;

    // Regions, of one entry of level 2 each, that are not simply a table of level 1 of this pmap alone: large pages and shared tables.
    private int _unusualRegions;

    // The table of level 1 used last and the region it covers: neighbouring operations skip the way down to it.
    private ulong _leafRegion = NoRegion;
    private PhysicalAddress _leafTable;

    /// <summary>An empty pmap whose root table was taken by <see cref="TryTakeRoot(PmapSystem, out PhysicalAddress)"/>.</summary>
    protected RadixPmap(PmapSystem system, int id, PhysicalAddress root)
        : base(system, id)
    {
        _memory = Owner.Machine.Memory;
        Root = root;
        CountFrames(RadixTables<TFormat>.FrameCount(TFormat.Levels), TFormat.Levels);
    }

    /// <summary>Where the root table starts.</summary>
    public PhysicalAddress Root { get; }

    /// <summary>Frames of the tables that the root leads to, shared ones and those kept for demotion included.</summary>
    public sealed override long TableFrames => _framesByLevel.Sum();

    /// <inheritdoc/>
    public sealed override PmapTableUse TableUse => new()
    {
        Bytes = TableFrames * (long)PageSize.BaseBytes,
        BytesByLevel = [.. _framesByLevel.Reverse().Select(static frames => frames * (long)PageSize.BaseBytes)],
    };

    /// <summary>The memory that the tables lie in.</summary>
    protected PhysicalMemory Memory => _memory;

    private static int LargeShift => TFormat.IndexShift(2);

    /// <inheritdoc/>
    public override void Destroy()
    {
        foreach (PhysicalAddress kept in _promoted.Values)
        {
            Free(kept, 1);
        }

        _promoted.Clear();
        ReleaseBelow(Root, TFormat.Levels, onlyEmpty: false);
        Free(Root, TFormat.Levels);
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
        else if (_unusualRegions > 0)
        {
            return TryFindInLargePage(address, out mapping);
        }

        mapping = default;
        return false;
    }

    /// <inheritdoc/>
    protected sealed override bool TryFindNext(VirtualAddress from, VirtualAddress last, out PmapMapping mapping)
    {
        ulong at = from.RoundDown(PageSize.Base).Value;
        do
        {
            if (_unusualRegions > 0 && TryFindInLargePage(new(at), out mapping))
            {
                return true;
            }

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
            return _unusualRegions == 0 || TryUnshare(address.Value >> LargeShift);
        }

        if (IsPromoted(address.Value))
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

    /// <inheritdoc/>
    protected sealed override void Install(in PmapMapping mapping) =>
        Write(mapping.Address, TFormat.EncodePage(mapping.Frame, mapping.Rights, mapping.Flags));

    /// <inheritdoc/>
    protected sealed override void Rewrite(in PmapMapping mapping) =>
        Write(mapping.Address, TFormat.EncodePage(mapping.Frame, mapping.Rights, mapping.Flags));

    /// <inheritdoc/>
    protected sealed override void RewriteBits(in PmapMapping mapping)
    {
        ulong entry = TFormat.EncodePage(mapping.Frame, mapping.Rights, mapping.Flags);
        if (_unusualRegions == 0 || !TryRewriteShared(mapping.Address, entry))
        {
            Write(mapping.Address, entry);
        }
    }

    /// <inheritdoc/>
    protected sealed override void Clear(in PmapMapping mapping) => Write(mapping.Address, 0);

    /// <inheritdoc/>
    protected override void ReleaseEmptyTables() => ReleaseBelow(Root, TFormat.Levels, onlyEmpty: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(VirtualAddress address, ulong entry)
    {
        if (_unusualRegions != 0)
        {
            MakeOwn(address.Value);
        }

        WriteHere(address, entry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteHere(VirtualAddress address, ulong entry)
    {
        if (!TryFindLeafTable(address.Value))
        {
            throw new InvariantViolationException("PMAP-TABLE", $"pmap {Id} at {address}", "a table of level 1", "none");
        }

        Owner.Counters.TableReferences++;
        RadixTables<TFormat>.Write(_memory, _leafTable, RadixTables<TFormat>.Index(address.Value, 1), entry);
    }

    // Before an entry of level 1 is written: its table must exist, and be this pmap's alone.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MakeOwn(ulong address)
    {
        ulong region = address >> LargeShift;
        if (_promoted.ContainsKey(region))
        {
            Demote(region);
        }
        else if (!TryUnshare(region))
        {
            TakeFromSharers(region);
        }
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

    private static AddressRange RangeOf(ulong region) => new(new(region << LargeShift), 1UL << LargeShift);

    private void CountUnusualRegions() => _unusualRegions = _promoted.Count + _sharedRegions.Count;
}
