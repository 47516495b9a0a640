using System.Numerics;
using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// Finds the entry of a key by open addressing with linear probing and multiplicative hashing; a quarter of the slots at most is in use.
/// A slot carries the translation as well, so that a hit touches one cache line.
/// </summary>
internal readonly struct KeyIndex
{
    private readonly Slot[] _slots;
    private readonly int _shift;

    public KeyIndex(int entries)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)entries * 4);
        _slots = new Slot[size];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>The slot of a key, or the free slot where it would go: <see cref="Slot.Entry"/> tells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Slot Find(ulong key)
    {
        Slot[] slots = _slots;
        uint at = Home(key);
        while (true)
        {
            ref Slot slot = ref slots[at & (uint)(slots.Length - 1)];
            if (slot.Key == key || slot.IsFree)
            {
                return ref slot;
            }

            at++;
        }
    }

    /// <summary>Takes a key out, and moves up those behind it that were pushed on by it.</summary>
    public void Remove(ulong key)
    {
        Slot[] slots = _slots;
        uint mask = (uint)(slots.Length - 1);
        uint hole = Home(key);
        while (slots[hole].Key != key || slots[hole].IsFree)
        {
            hole = (hole + 1) & mask;
        }

        for (uint at = (hole + 1) & mask; !slots[at].IsFree; at = (at + 1) & mask)
        {
            // It may move up if its home does not lie between the hole and itself.
            if (((at - Home(slots[at].Key)) & mask) >= ((at - hole) & mask))
            {
                slots[hole] = slots[at];
                hole = at;
            }
        }

        slots[hole] = default;
    }

    public void Clear() => Array.Clear(_slots);

    private uint Home(ulong key) => (uint)((key * 0x9E3779B97F4A7C15) >> _shift);

    /// <summary>One slot; all zero when free.</summary>
    internal struct Slot
    {
        public ulong Key;

        // 0 for an invalidated entry.
        public ulong Translation;

        private int _entryPlusOne;

        public readonly bool IsFree => _entryPlusOne == 0;

        public int Entry
        {
            readonly get => _entryPlusOne - 1;
            set => _entryPlusOne = value + 1;
        }
    }
}
