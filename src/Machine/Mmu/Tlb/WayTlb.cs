using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BsdVm;

/// <summary>
/// A TLB of at most 64 ways: the keys of a set lie side by side, its translations behind them, and eight ways are compared at once.
/// </summary>
internal sealed class WayTlb<TOrder> : Tlb
    where TOrder : struct, ITlbOrder
{
    // The last page under the last tag: nobody uses it.
    private const ulong NoKey = ulong.MaxValue;

    // So many ways take two compares of whole keys.
    private const int NarrowWays = 16;

    private readonly int _ways;

    // Ways rounded up to whole vectors of eight words.
    private readonly int _stride;

    // For each set: the keys of its ways, then their translations, 0 for an invalid way.
    private readonly ulong[] _words;

    // Where there are more than 16 ways: a byte of hash of each way's key, so that one compare rules out nearly all of them.
    private readonly byte[] _prints;

    // One bit a way: it has a key.
    private readonly ulong[] _keyed;

    // One bit a way: it has a key and was invalidated.
    private readonly ulong[] _invalid;

    private TOrder _order;

    // The key that was looked up last and that no way has: to fill it, nobody need look again.
    private ulong _absent = NoKey;

    public WayTlb(TlbGeometry geometry, TlbKeys keys, TOrder order)
        : base(geometry, keys)
    {
        _ways = geometry.Ways;
        _stride = (_ways + 7) & ~7;
        _words = new ulong[2 * geometry.Sets * _stride];
        _prints = _ways > NarrowWays ? new byte[geometry.Sets * Vector512<byte>.Count] : [];
        _keyed = new ulong[geometry.Sets];
        _invalid = new ulong[geometry.Sets];
        _order = order;
    }

    internal override ulong Lookup(ulong key)
    {
        int set = SetOf(key);
        int way = BitOperations.TrailingZeroCount(Matches(set, key));
        if (way >= _ways)
        {
            _absent = key;
            return 0;
        }

        ulong translation = _words[TranslationOf(set, way)];
        if (translation != 0)
        {
            _order.Touch(set, way);
        }

        return translation;
    }

    internal override ulong LookupGlobal(ulong key) =>
        TryFind(key, out int set, out int way) && IsGlobal(_words[TranslationOf(set, way)]) ? Lookup(key) : 0;

    internal override void Fill(ulong key, ulong translation)
    {
        int set = SetOf(key);
        if (_absent != key && TryFind(key, out _, out int way))
        {
            _words[TranslationOf(set, way)] = translation;
            _invalid[set] &= ~(1UL << way);
            _order.Touch(set, way);
            return;
        }

        way = ChooseWay(set);
        _absent = NoKey;
        _words[KeyOf(set, way)] = key;
        if (_prints.Length > 0)
        {
            _prints[(set * Vector512<byte>.Count) + way] = PrintOf(key);
        }

        _words[TranslationOf(set, way)] = translation;
        _keyed[set] |= 1UL << way;
        _invalid[set] &= ~(1UL << way);
        _order.Filled(set, way);
    }

    internal override bool TryUpgrade(ulong key, ulong translation)
    {
        if (!TryFind(key, out int set, out int way))
        {
            return false;
        }

        _words[TranslationOf(set, way)] = translation;
        _invalid[set] &= ~(1UL << way);
        return true;
    }

    internal override void Invalidate(ulong key, bool onlyGlobal)
    {
        if (TryFind(key, out int set, out int way) && (!onlyGlobal || IsGlobal(_words[TranslationOf(set, way)])))
        {
            InvalidateWay(set, way);
        }
    }

    internal override void InvalidateRange(AddressRange range, uint tag)
    {
        for (int set = 0; set < _keyed.Length; set++)
        {
            for (ulong ways = _keyed[set] & ~_invalid[set]; ways != 0; ways &= ways - 1)
            {
                int way = BitOperations.TrailingZeroCount(ways);
                if (IsIn(range, tag, _words[KeyOf(set, way)], _words[TranslationOf(set, way)]))
                {
                    InvalidateWay(set, way);
                }
            }
        }
    }

    internal override void Flush(bool keepGlobal)
    {
        if (!keepGlobal)
        {
            Array.Clear(_words);
            Array.Clear(_keyed);
            Array.Clear(_invalid);
            _order.Reset();
            return;
        }

        for (int set = 0; set < _keyed.Length; set++)
        {
            for (ulong ways = _keyed[set]; ways != 0; ways &= ways - 1)
            {
                int way = BitOperations.TrailingZeroCount(ways);
                if (!IsGlobal(_words[TranslationOf(set, way)]))
                {
                    _words[TranslationOf(set, way)] = 0;
                    _keyed[set] &= ~(1UL << way);
                    _invalid[set] &= ~(1UL << way);
                }
            }
        }
    }

    internal override void Collect(List<(ulong Key, ulong Translation)> entries)
    {
        for (int set = 0; set < _keyed.Length; set++)
        {
            for (ulong ways = _keyed[set] & ~_invalid[set]; ways != 0; ways &= ways - 1)
            {
                int way = BitOperations.TrailingZeroCount(ways);
                entries.Add((_words[KeyOf(set, way)], _words[TranslationOf(set, way)]));
            }
        }
    }

    private int KeyOf(int set, int way) => (2 * set * _stride) + way;

    private int TranslationOf(int set, int way) => (((2 * set) + 1) * _stride) + way;

    private void InvalidateWay(int set, int way)
    {
        _words[TranslationOf(set, way)] = 0;
        _invalid[set] |= 1UL << way;
    }

    private bool TryFind(ulong key, out int set, out int way)
    {
        set = SetOf(key);
        way = BitOperations.TrailingZeroCount(Matches(set, key) & _keyed[set]);
        return way < 64;
    }

    private int ChooseWay(int set)
    {
        int free = BitOperations.TrailingZeroCount(~_keyed[set]);
        if (free < _ways)
        {
            return free;
        }

        return _invalid[set] != 0 ? BitOperations.TrailingZeroCount(_invalid[set]) : _order.Victim(set);
    }

    // One bit a way whose key is the one sought. A way that was never filled may match, its translation is then 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Matches(int set, ulong key)
    {
        ref ulong keys = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), 2 * set * _stride);
        if (_prints.Length > 0)
        {
            return MatchesByPrint(set, key, ref keys);
        }

        Vector512<ulong> sought = Vector512.Create(key);
        ulong matches = Vector512.Equals(Vector512.LoadUnsafe(ref keys), sought).ExtractMostSignificantBits();
        if (_stride > 8)
        {
            matches |= Vector512.Equals(Vector512.LoadUnsafe(ref keys, 8), sought).ExtractMostSignificantBits() << 8;
        }

        return matches;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong MatchesByPrint(int set, ulong key, ref ulong keys)
    {
        Vector512<byte> prints = Vector512.LoadUnsafe(
            ref MemoryMarshal.GetArrayDataReference(_prints), (nuint)(set * Vector512<byte>.Count));
        ulong candidates = Vector512.Equals(prints, Vector512.Create(PrintOf(key))).ExtractMostSignificantBits() & _keyed[set];
        while (candidates != 0 && Unsafe.Add(ref keys, BitOperations.TrailingZeroCount(candidates)) != key)
        {
            candidates &= candidates - 1;
        }

        return candidates;
    }

    private static byte PrintOf(ulong key) => (byte)((key * 0x9E3779B97F4A7C15) >> 56);
}
