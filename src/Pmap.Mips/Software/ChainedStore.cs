using System.Collections.Immutable;

namespace BsdVm.Mips;

/// <summary>
/// Writes <see cref="HashedTable"/> (factor 0) and <see cref="ClusteredTable"/>: as many buckets as there are frames, rounded up to a power
/// of two; new entries at the head of their chain. The table begins with a frame of entries and keeps it.
/// </summary>
internal sealed class ChainedStore : MipsStore
{
    private readonly TablePool _pool;
    private readonly int _factor;
    private readonly int _bucketBits;
    private PhysicalAddress _heads;

    // The entry found last: what follows a look-up is most often about the same page.
    private ulong _recentTag = ulong.MaxValue;
    private ulong _recentEntry;

    public ChainedStore(PmapSystem system, int factor)
        : base(system)
    {
        _factor = factor;
        _bucketBits = TableHash.BucketBits(system.ManagedFrames);
        _pool = new(system, HashedTable.PteOffset + (8 << factor), FrameLimit);
    }

    public override long Frames => _pool.Frames + HeadFrames;

    public override PmapTableUse Use => new()
    {
        Bytes = HeadBytes + (_pool.UsedCount * _pool.PieceBytes),
        HeadBytes = HeadBytes,
        Entries = _pool.UsedCount,
        Buckets = 1L << _bucketBits,
        ChainHistogram = Histogram(),
    };

    private long HeadBytes => 8L << _bucketBits;

    private int HeadFrames => (int)((HeadBytes + (long)PageSize.BaseBytes - 1) >> PageSize.Base.Shift);

    public override TableRegisters Registers(int space) => new(_heads.Value, (ulong)space, 64 - _bucketBits, _factor);

    public override bool TryBegin()
    {
        if (!TryTakeFrames(HeadFrames, out _heads))
        {
            return false;
        }

        if (!_pool.TryReserve(1))
        {
            GiveFrames(_heads, HeadFrames);
            return false;
        }

        System.Counters.AddTableBytes(HeadBytes);
        return true;
    }

    public override bool TryRead(ulong tag, out ulong entry)
    {
        ulong found = Find(BlockTag(tag));
        ulong word = found == 0 ? 0 : Memory.Read64(new(PteAt(found, tag)));
        entry = word & MipsPte.Mask;
        return word != 0;
    }

    public override bool TryReserve(ulong tag)
    {
        ulong block = BlockTag(tag);
        ulong found = Find(block);
        if (found != 0)
        {
            Keep(PteAt(found, tag));
            return true;
        }

        if (!_pool.TryAllocate(out PhysicalAddress entry))
        {
            return false;
        }

        ulong head = HeadAt(block);
        Put(entry.Value, block);
        Memory.Write64(entry + HashedTable.LinkOffset, Read(head));
        Put(head, entry.Value);
        Keep(PteAt(entry.Value, tag));
        _recentTag = block;
        _recentEntry = entry.Value;
        return true;
    }

    public override void Write(ulong tag, ulong entry) => Put(PteAt(Find(BlockTag(tag)), tag), entry == 0 ? MipsPte.Reserved : entry);

    public override void Release(ulong tag)
    {
        ulong block = BlockTag(tag);
        ulong link = HeadAt(block);
        ulong entry = Read(link);
        while (entry != 0 && Read(entry) != block)
        {
            link = entry + HashedTable.LinkOffset;
            entry = Memory.Read64(new(link));
        }

        if (entry == 0)
        {
            return;
        }

        Memory.Write64(new(PteAt(entry, tag)), 0);
        if (IsEmpty(entry))
        {
            Put(link, Memory.Read64(new(entry + HashedTable.LinkOffset)));
            Memory.Write64(new(entry), 0);
            _pool.Free(new(entry));
            _recentTag = ulong.MaxValue;
        }
    }

    public override void Trim()
    {
        _recentTag = ulong.MaxValue;
        _pool.Trim(keep: 1);
    }

    protected override void End()
    {
        System.Counters.AddTableBytes(-HeadBytes);
        _pool.Destroy();
        GiveFrames(_heads, HeadFrames);
    }

    private ulong BlockTag(ulong tag)
    {
        int shift = PageSize.Base.Shift + _factor;
        return (tag >> shift << shift) | (tag & PageSize.Base.OffsetMask);
    }

    private ulong PteAt(ulong entry, ulong tag) =>
        entry + HashedTable.PteOffset + (((tag >> PageSize.Base.Shift) & ((1UL << _factor) - 1)) << 3);

    private ulong HeadAt(ulong block)
    {
        ulong hash = _factor == 0 ? TableHash.Mix(block) : ClusteredTable.Hash(block, _factor);
        return _heads.Value + (hash >> (64 - _bucketBits) << 3);
    }

    private ulong Find(ulong block)
    {
        if (block == _recentTag)
        {
            System.Counters.TableReferences++;
            return _recentEntry;
        }

        ulong entry = Read(HeadAt(block));
        while (entry != 0 && Read(entry) != block)
        {
            entry = Memory.Read64(new(entry + HashedTable.LinkOffset));
        }

        if (entry != 0)
        {
            _recentTag = block;
            _recentEntry = entry;
        }

        return entry;
    }

    // A place is kept for the page unless something is there.
    private void Keep(ulong at)
    {
        if (Memory.Read64(new(at)) == 0)
        {
            Memory.Write64(new(at), MipsPte.Reserved);
        }
    }

    private bool IsEmpty(ulong entry)
    {
        ulong any = 0;
        for (int page = 0; page < 1 << _factor; page++)
        {
            any |= Memory.Read64(new(entry + HashedTable.PteOffset + ((ulong)page << 3)));
        }

        return any == 0;
    }

    private ImmutableArray<long> Histogram()
    {
        var lengths = new List<long>();
        for (ulong bucket = 0; bucket < 1UL << _bucketBits; bucket++)
        {
            int length = 0;
            for (ulong entry = Memory.Read64(_heads + (bucket << 3)); entry != 0; entry = Memory.Read64(new(entry + HashedTable.LinkOffset)))
            {
                length++;
            }

            while (lengths.Count <= length)
            {
                lengths.Add(0);
            }

            lengths[length]++;
        }

        return [.. lengths];
    }
}
