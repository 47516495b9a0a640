using System.Collections.Immutable;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// Writes <see cref="HashedWalk"/> (factor 0) and <see cref="ClusteredWalk"/>: as many buckets as there are frames, rounded up to a power
/// of two; new entries at the head of their chain. The table begins with a frame of entries and keeps it.
/// </summary>
internal sealed class ChainedStore : TableStore
{
    // No page has all bits set.
    private static readonly PageTag NoTag = new(ulong.MaxValue);

    private readonly TablePool _pool;
    private readonly int _factor;
    private readonly int _bucketBits;
    private PhysicalAddress _heads;

    // The entry found last: what follows a look-up is most often about the same page.
    private PageTag _recentTag = NoTag;
    private ulong _recentEntry;

    public ChainedStore(PmapSystem system, int factor)
        : base(system)
    {
        _factor = factor;
        _bucketBits = TableHash.BucketBits(system.ManagedFrames);
        _pool = new(system, HashedWalk.PteOffset + (8 << factor), TablePte.FrameLimit);
    }

    public override bool IsShared => true;

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

    private int HeadFrames => (int)(PageSize.Base.RoundUp((ulong)HeadBytes) / PageSize.BaseBytes);

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

    public override bool TryRead(PageTag tag, out ulong entry)
    {
        ulong found = Find(tag.OfBlock(_factor));
        ulong word = found == 0 ? 0 : Memory.Read64(new(PteAt(found, tag)));
        entry = word & TablePte.Mask;
        return word != 0;
    }

    public override bool TryReserve(PageTag tag)
    {
        PageTag block = tag.OfBlock(_factor);
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
        Put(entry.Value, block.Value);
        Memory.Write64(entry + HashedWalk.LinkOffset, Read(head));
        Put(head, entry.Value);
        Keep(PteAt(entry.Value, tag));
        _recentTag = block;
        _recentEntry = entry.Value;
        return true;
    }

    public override void Write(PageTag tag, ulong entry) => Put(PteAt(Find(tag.OfBlock(_factor)), tag), entry == 0 ? TablePte.Reserved : entry);

    public override void Release(PageTag tag)
    {
        PageTag block = tag.OfBlock(_factor);
        ulong link = HeadAt(block);
        ulong entry = Read(link);
        while (entry != 0 && Read(entry) != block.Value)
        {
            link = entry + HashedWalk.LinkOffset;
            entry = Memory.Read64(new(link));
        }

        if (entry == 0)
        {
            return;
        }

        Memory.Write64(new(PteAt(entry, tag)), 0);
        if (IsEmpty(entry))
        {
            Put(link, Memory.Read64(new(entry + HashedWalk.LinkOffset)));
            Memory.Write64(new(entry), 0);
            _pool.Free(new(entry));
            _recentTag = NoTag;
        }
    }

    public override void Trim()
    {
        _recentTag = NoTag;
        _pool.Trim(keep: 1);
    }

    public override void End()
    {
        System.Counters.AddTableBytes(-HeadBytes);
        _pool.Destroy();
        GiveFrames(_heads, HeadFrames);
    }

    private ulong PteAt(ulong entry, PageTag tag) => entry + HashedWalk.PteOffset + (tag.IndexInBlock(_factor) << 3);

    private ulong HeadAt(PageTag block)
    {
        ulong hash = _factor == 0 ? TableHash.Mix(block.Value) : ClusteredWalk.Hash(block, _factor);
        return _heads.Value + (hash >> (64 - _bucketBits) << 3);
    }

    private ulong Find(PageTag block)
    {
        if (block == _recentTag)
        {
            System.Counters.TableReferences++;
            return _recentEntry;
        }

        ulong entry = Read(HeadAt(block));
        while (entry != 0 && Read(entry) != block.Value)
        {
            entry = Memory.Read64(new(entry + HashedWalk.LinkOffset));
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
            Memory.Write64(new(at), TablePte.Reserved);
        }
    }

    private bool IsEmpty(ulong entry)
    {
        ulong any = 0;
        for (int page = 0; page < 1 << _factor; page++)
        {
            any |= Memory.Read64(new(entry + HashedWalk.PteOffset + ((ulong)page << 3)));
        }

        return any == 0;
    }

    private ImmutableArray<long> Histogram()
    {
        var lengths = new List<long>();
        for (ulong bucket = 0; bucket < 1UL << _bucketBits; bucket++)
        {
            int length = 0;
            for (ulong entry = Memory.Read64(_heads + (bucket << 3)); entry != 0; entry = Memory.Read64(new(entry + HashedWalk.LinkOffset)))
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
