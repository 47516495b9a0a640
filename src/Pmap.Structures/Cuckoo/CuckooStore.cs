using BsdVm.Walks;

namespace BsdVm.Structures;

/// <summary>
/// Writes <see cref="CuckooWalk"/>, one for each pmap: it doubles when an insertion would fill more than 0.6 of the slots, and moves two
/// old slots at each insertion until the old ways are empty. A slot goes to a way that is drawn; what was there goes on to another way, and
/// so on, at most 500 times, and if that was not enough everything is put back.
/// </summary>
internal sealed partial class CuckooStore(PmapSystem system) : TableStore(system)
{
    private const int FirstBits = 6;
    private const int MovesPerInsert = 2;
    private const int MaximumTries = 500;
    private const int Words = CuckooWalk.PagesPerSlot;

    private readonly ulong[] _bases = new ulong[CuckooWalk.Ways];
    private readonly ulong[] _nextBases = new ulong[CuckooWalk.Ways];
    private readonly ulong[] _pointers = new ulong[CuckooWalk.Ways];
    private readonly ulong[] _hand = new ulong[Words];
    private readonly ulong[] _path = new ulong[MaximumTries];
    private PhysicalAddress _control;
    private int _bits = FirstBits;
    private int _nextBits;
    private long _used;
    private long _moved;
    private long _resizes;
    private ulong _draw = 0x2545_F491_4F6C_DD1D;

    // The slot found last.
    private ulong _recentGroup = ulong.MaxValue;
    private ulong _recentSlot;

    public override long Frames => 1 + WayFrames(_bits) + (_nextBits != 0 ? WayFrames(_nextBits) : 0);

    public override PmapTableUse Use => new()
    {
        Bytes = BytesOf(_bits) + (_nextBits != 0 ? BytesOf(_nextBits) : 0),
        Entries = _used,
        Buckets = ((1L << _bits) + (_nextBits != 0 ? 1L << _nextBits : 0)) * CuckooWalk.Ways,
        Moved = _moved,
        Resizes = _resizes,
    };

    public override TableRegisters Registers(int space) => new(_control.Value);

    public override bool TryBegin()
    {
        if (!TryTakeFrames(1, out _control))
        {
            return false;
        }

        if (!TryTakeWays(_bits, _bases))
        {
            GiveFrames(_control, 1);
            return false;
        }

        WriteControl();
        return true;
    }

    public override bool TryRead(PageTag tag, out ulong entry)
    {
        ulong slot = Find(GroupOf(tag));
        ulong word = slot == 0 ? 0 : Memory.Read64(new(WordAt(slot, tag))) & ~CuckooWalk.TagMask;
        entry = word & TablePte.Mask;
        return word != 0;
    }

    public override bool TryReserve(PageTag tag)
    {
        ulong group = GroupOf(tag);
        if (Find(group) == 0 && !TryInsert(group))
        {
            return false;
        }

        ulong at = WordAt(Find(group), tag);
        ulong word = Memory.Read64(new(at));
        if ((word & ~CuckooWalk.TagMask) == 0)
        {
            Memory.Write64(new(at), word | TablePte.Reserved);
        }

        return true;
    }

    public override void Write(PageTag tag, ulong entry)
    {
        ulong at = WordAt(Find(GroupOf(tag)), tag);
        Put(at, (Memory.Read64(new(at)) & CuckooWalk.TagMask) | (entry == 0 ? TablePte.Reserved : entry));
    }

    public override void Release(PageTag tag)
    {
        ulong slot = Find(GroupOf(tag));
        if (slot == 0)
        {
            return;
        }

        ulong at = WordAt(slot, tag);
        Put(at, Memory.Read64(new(at)) & CuckooWalk.TagMask);
        ulong any = 0;
        for (ulong word = 0; word < Words; word++)
        {
            any |= Memory.Read64(new(slot + (word << 3))) & ~CuckooWalk.TagMask;
        }

        if (any == 0)
        {
            Clear(slot);
            _used--;
            _recentGroup = ulong.MaxValue;
        }
    }

    public override void End()
    {
        GiveWays(_bits, _bases);
        if (_nextBits != 0)
        {
            GiveWays(_nextBits, _nextBases);
        }

        GiveFrames(_control, 1);
    }

    private static ulong GroupOf(PageTag tag) => tag.Page.Value / Words;

    private static ulong WordAt(ulong slot, PageTag tag) => slot + ((tag.Page.Value & (Words - 1)) << 3);

    private static long BytesOf(int bits) => (long)CuckooWalk.Ways << (bits + CuckooWalk.SlotShift);

    private static long WayFrames(int bits) => BytesOf(bits) / (long)PageSize.BaseBytes;

    // More than 0.6 of the slots, in whole numbers.
    private static bool IsFull(long used, int bits) => used * 5 > ((long)CuckooWalk.Ways << bits) * 3;

    private ulong SlotOf(ulong mixed, int way)
    {
        ulong hash = CuckooWalk.HashOf(mixed, way);
        ulong slot = hash >> (64 - _bits);
        return _nextBits != 0 && slot < _pointers[way]
            ? _nextBases[way] + (hash >> (64 - _nextBits) << CuckooWalk.SlotShift)
            : _bases[way] + (slot << CuckooWalk.SlotShift);
    }

    private ulong Find(ulong group)
    {
        if (group == _recentGroup)
        {
            System.Counters.TableReferences++;
            return _recentSlot;
        }

        ulong mixed = CuckooWalk.Mix(group);
        for (int way = 0; way < CuckooWalk.Ways; way++)
        {
            ulong slot = SlotOf(mixed, way);
            ulong apart = (Read(slot) ^ CuckooWalk.TagOfEven(group)) | (Memory.Read64(new(slot + 8)) ^ CuckooWalk.TagOfOdd(group));
            if ((apart & CuckooWalk.TagMask) == 0)
            {
                _recentGroup = group;
                return _recentSlot = slot;
            }
        }

        return 0;
    }

    // Makes a slot for a group that has none.
    private bool TryInsert(ulong group)
    {
        if (!HasRoom())
        {
            return false;
        }

        for (int word = 0; word < Words; word++)
        {
            _hand[word] = (word & 1) == 0 ? CuckooWalk.TagOfEven(group) : CuckooWalk.TagOfOdd(group);
        }

        if (!TryPlace(Draw(CuckooWalk.Ways)))
        {
            return false;
        }

        _used++;
        if (_nextBits != 0)
        {
            MoveSome(MovesPerInsert);
        }

        return true;
    }

    private bool HasRoom()
    {
        // Two moves for an insertion end a doubling long before the new ways are full; after many removals the order may be another.
        if (_nextBits != 0 && IsFull(_used + 1, _nextBits) && !TryFinish())
        {
            return false;
        }

        return _nextBits != 0 || !IsFull(_used + 1, _bits) || TryStart(_bits + 1);
    }

    // Puts what is in the hand into a way, what was there into another one, until a free slot ends it. False, with all put back, if none does.
    private bool TryPlace(int way)
    {
        _recentGroup = ulong.MaxValue;
        for (int tries = 0; tries < MaximumTries; tries++)
        {
            ulong slot = SlotOf(CuckooWalk.Mix(GroupInHand()), way);
            Swap(slot);
            _path[tries] = slot;
            if ((_hand[0] & CuckooWalk.InUse) == 0)
            {
                _moved += tries;
                return true;
            }

            way = (way + 1 + Draw(CuckooWalk.Ways - 1)) % CuckooWalk.Ways;
        }

        for (int tries = MaximumTries - 1; tries >= 0; tries--)
        {
            Swap(_path[tries]);
        }

        return false;
    }

    private ulong GroupInHand() =>
        (_hand[0] >> CuckooWalk.TagShift) | (_hand[1] >> CuckooWalk.TagShift << CuckooWalk.HalfBits);

    private void Swap(ulong slot)
    {
        System.Counters.TableReferences += 2;
        for (int word = 0; word < Words; word++)
        {
            PhysicalAddress at = new(slot + ((ulong)word << 3));
            ulong there = Memory.Read64(at);
            Memory.Write64(at, _hand[word]);
            _hand[word] = there;
        }
    }

    private void Clear(ulong slot)
    {
        for (ulong word = 0; word < Words; word++)
        {
            Memory.Write64(new(slot + (word << 3)), 0);
        }

        System.Counters.TableReferences++;
    }

    private int Draw(int count)
    {
        _draw ^= _draw << 13;
        _draw ^= _draw >> 7;
        _draw ^= _draw << 17;
        return (int)((_draw >> 33) % (ulong)count);
    }
}
