namespace BsdVm;

/// <summary>
/// A map from slots to anons: the upper layer of one or more entries. Slots are numbered like the virtual pages of the entry that the amap
/// was made for, so an entry can grow either way; storage comes in blocks of 512 slots. Source: UVM <c>struct vm_amap</c>.
/// </summary>
public sealed class Amap
{
    internal const int BlockShift = 9;
    internal const ulong BlockMask = (1UL << BlockShift) - 1;

    // Block numbers in ascending order, each with its 512 slots.
    private ulong[] _numbers = new ulong[2];
    private int[][] _blocks = new int[2][];
    private int _blockCount;
    private int _last;

    internal Amap(int id) => Id = id;

    /// <summary>A number for pictures.</summary>
    public int Id { get; }

    /// <summary>Slots in use.</summary>
    public int Count { get; private set; }

    /// <summary>Entries that refer to it.</summary>
    public int RefCount { get; internal set; }

    /// <summary>The entries that refer to it, as a list through them.</summary>
    internal VmMapEntry? FirstEntry { get; set; }

    /// <summary>Slots in use with their anons, lowest first.</summary>
    public IEnumerable<(ulong Slot, int Anon)> Slots
    {
        get
        {
            for (int block = 0; block < _blockCount; block++)
            {
                for (int i = 0; i <= (int)BlockMask; i++)
                {
                    if (_blocks[block][i] != 0)
                    {
                        yield return ((_numbers[block] << BlockShift) + (ulong)i, _blocks[block][i]);
                    }
                }
            }
        }
    }

    /// <summary>The anon in a slot, or 0.</summary>
    internal int this[ulong slot]
    {
        get
        {
            int place = FirstBlockFrom(slot >> BlockShift);
            return IsBlock(place, slot >> BlockShift) ? _blocks[place][slot & BlockMask] : 0;
        }
    }

    internal void Set(ulong slot, int anon)
    {
        ulong number = slot >> BlockShift;
        int place = FirstBlockFrom(number);
        if (!IsBlock(place, number))
        {
            InsertBlock(place, number);
        }

        ref int held = ref _blocks[place][slot & BlockMask];
        Count += (anon == 0 ? 0 : 1) - (held == 0 ? 0 : 1);
        held = anon;
    }

    /// <summary>The first slot in use at or above one and below a limit.</summary>
    internal bool TryFindNext(ulong from, ulong limit, out ulong slot)
    {
        for (int place = FirstBlockFrom(from >> BlockShift); place < _blockCount; place++)
        {
            ulong start = _numbers[place] << BlockShift;
            if (start >= limit)
            {
                break;
            }

            int first = (int)(Math.Max(from, start) - start);
            int offset = _blocks[place].AsSpan(first).IndexOfAnyExcept(0);
            if (offset >= 0)
            {
                slot = start + (ulong)(first + offset);
                return slot < limit;
            }
        }

        slot = 0;
        return false;
    }

    private bool IsBlock(int place, ulong number) => place < _blockCount && _numbers[place] == number;

    // The place of the first block at or above a number; accesses stay in one block for a while.
    private int FirstBlockFrom(ulong number)
    {
        if (IsBlock(_last, number))
        {
            return _last;
        }

        int found = Array.BinarySearch(_numbers, 0, _blockCount, number);
        if (found < 0)
        {
            return ~found;
        }

        _last = found;
        return found;
    }

    private void InsertBlock(int place, ulong number)
    {
        if (_blockCount == _numbers.Length)
        {
            Array.Resize(ref _numbers, _blockCount * 2);
            Array.Resize(ref _blocks, _blockCount * 2);
        }

        Array.Copy(_numbers, place, _numbers, place + 1, _blockCount - place);
        Array.Copy(_blocks, place, _blocks, place + 1, _blockCount - place);
        _numbers[place] = number;
        _blocks[place] = new int[1 << BlockShift];
        _blockCount++;
        _last = place;
    }
}
