using System.Collections.Immutable;
using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// Writes <see cref="InvertedWalk"/>. A mapping takes its frame's own entry if that is free, else an alias entry. Since the frame is not
/// known when a page is prepared, an alias entry is kept free for each prepared page. The table begins with a frame of aliases.
/// </summary>
internal sealed class InvertedStore : TableStore
{
    private const ulong SoftwareMask = TablePte.Mask & ~InvertedWalk.LinkMask;

    // An alias link has 31 bits and counts words.
    private static readonly PageFrameNumber AliasLimit = new PhysicalAddress(1UL << (31 + 3)).Frame;

    private readonly TablePool _aliases;
    private readonly HashSet<PageTag> _reserved = [];
    private readonly int _bucketBits;
    private readonly int _frameCount;
    private PhysicalAddress _anchors;
    private PhysicalAddress _entries;
    private long _used;

    public InvertedStore(PmapSystem system)
        : base(system)
    {
        _frameCount = system.ManagedFrames;
        _bucketBits = Math.Max(9, TableHash.BucketBits(_frameCount));
        _aliases = new(system, 24, AliasLimit);
    }

    public override bool IsShared => true;

    public override long Frames => _aliases.Frames + AnchorFrames + EntryFrames;

    public override PmapTableUse Use => new()
    {
        Bytes = FixedBytes + (_aliases.UsedCount * _aliases.PieceBytes),
        HeadBytes = 8L << _bucketBits,
        Entries = _used,
        Buckets = 1L << _bucketBits,
        ChainHistogram = Histogram(),
    };

    private long FixedBytes => (8L << _bucketBits) + (16L * _frameCount);

    private int AnchorFrames => (int)((8UL << _bucketBits) / PageSize.BaseBytes);

    private int EntryFrames => (int)(PageSize.Base.RoundUp(16UL * (ulong)_frameCount) / PageSize.BaseBytes);

    public override TableRegisters Registers(int space) => new(_anchors.Value, (ulong)space, 64 - _bucketBits, Second: _entries.Value);

    public override bool TryBegin()
    {
        if (!TryTakeFrames(AnchorFrames, out _anchors))
        {
            return false;
        }

        if (!TryTakeFrames(EntryFrames, out _entries))
        {
            GiveFrames(_anchors, AnchorFrames);
            return false;
        }

        if (!_aliases.TryReserve(1))
        {
            GiveFrames(_anchors, AnchorFrames);
            GiveFrames(_entries, EntryFrames);
            return false;
        }

        System.Counters.AddTableBytes(FixedBytes);
        return true;
    }

    public override bool TryRead(PageTag tag, out ulong entry)
    {
        ulong link = Find(tag, out _);
        entry = link == 0 ? 0 : EntryOf(link);
        return link != 0 || _reserved.Contains(tag);
    }

    public override bool TryReserve(PageTag tag)
    {
        if (_reserved.Contains(tag))
        {
            return true;
        }

        if (!_aliases.TryReserve(_reserved.Count + 1))
        {
            return false;
        }

        _reserved.Add(tag);
        return true;
    }

    public override void Write(PageTag tag, ulong entry)
    {
        ulong link = Find(tag, out ulong before);
        if (entry == 0)
        {
            Unlink(link, before);
            return;
        }

        if (link == 0)
        {
            link = Insert(tag, TablePte.Frame(entry).Value);
        }

        _reserved.Remove(tag);
        ulong second = EntryAt(link) + InvertedWalk.SecondOffset;
        Put(second, (Memory.Read64(new(second)) & InvertedWalk.LinkMask) | (entry & SoftwareMask));
    }

    public override void Release(PageTag tag)
    {
        _reserved.Remove(tag);
        ulong link = Find(tag, out ulong before);
        if (link != 0)
        {
            Unlink(link, before);
        }
    }

    public override void Trim()
    {
        if (_reserved.Count == 0)
        {
            _aliases.Trim(keep: 1);
        }
    }

    public override void End()
    {
        System.Counters.AddTableBytes(-FixedBytes);
        _aliases.Destroy();
        GiveFrames(_anchors, AnchorFrames);
        GiveFrames(_entries, EntryFrames);
    }

    private ulong AnchorAt(PageTag tag) => _anchors.Value + (TableHash.Mix(tag.Value) >> (64 - _bucketBits) << 3);

    private ulong EntryAt(ulong link) => InvertedWalk.EntryAt(link, _entries.Value);

    private ulong EntryOf(ulong link)
    {
        ulong at = EntryAt(link);
        ulong frame = (link & InvertedWalk.AliasLink) != 0 ? Memory.Read64(new(at + InvertedWalk.FrameOffset)) : link - 1;
        return InvertedWalk.Entry(frame, Memory.Read64(new(at + InvertedWalk.SecondOffset)));
    }

    private ulong LinkAt(ulong at) => Memory.Read64(new(at)) & InvertedWalk.LinkMask;

    // The link to a page's entry and the address of the word that has it; 0 if there is none.
    private ulong Find(PageTag tag, out ulong before)
    {
        before = AnchorAt(tag);
        System.Counters.TableReferences++;
        for (ulong link = LinkAt(before); link != 0; link = LinkAt(before))
        {
            ulong at = EntryAt(link);
            if (Read(at) == tag.Value)
            {
                return link;
            }

            before = at + InvertedWalk.SecondOffset;
        }

        return 0;
    }

    private ulong Insert(PageTag tag, ulong frame)
    {
        bool hasOwn = frame < (ulong)_frameCount && Read(_entries.Value + (frame << 4)) == 0;
        ulong link = hasOwn ? frame + 1 : TakeAlias(frame);
        ulong at = EntryAt(link);
        ulong anchor = AnchorAt(tag);
        Put(at, tag.Value);
        Memory.Write64(new(at + InvertedWalk.SecondOffset), LinkAt(anchor));
        Put(anchor, link);
        _used++;
        return link;
    }

    private ulong TakeAlias(ulong frame)
    {
        if (!_aliases.TryAllocate(out PhysicalAddress alias))
        {
            throw new InvariantViolationException("PMAP-TABLE", $"frame 0x{frame:x}", "an alias entry kept free", "none");
        }

        Memory.Write64(alias + InvertedWalk.FrameOffset, frame);
        return InvertedWalk.AliasLink | (alias.Value >> 3);
    }

    private void Unlink(ulong link, ulong before)
    {
        ulong at = EntryAt(link);
        Put(before, (Memory.Read64(new(before)) & ~InvertedWalk.LinkMask) | LinkAt(at + InvertedWalk.SecondOffset));
        Put(at, 0);
        Memory.Write64(new(at + InvertedWalk.SecondOffset), 0);
        _used--;
        if ((link & InvertedWalk.AliasLink) != 0)
        {
            _aliases.Free(new(at));
        }
    }

    private ImmutableArray<long> Histogram()
    {
        var lengths = new List<long>();
        for (ulong bucket = 0; bucket < 1UL << _bucketBits; bucket++)
        {
            int length = 0;
            for (ulong link = LinkAt(_anchors.Value + (bucket << 3)); link != 0; link = LinkAt(EntryAt(link) + InvertedWalk.SecondOffset))
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
