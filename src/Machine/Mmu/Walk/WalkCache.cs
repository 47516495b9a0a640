using System.Collections.Immutable;

namespace BsdVm;

/// <summary>
/// What a walker remembers of upper levels of its tables: for each level, fully associative and LRU, the table that an entry led to and
/// what
/// all entries down to it allowed. Entries come from walks that ended in a translation. The lowest level that knows an address is used, and
/// the
/// walk reads only what lies below. Invalidating any page of an address space drops all entries of that space, and a flush drops all: there
/// are no global ones. Source: Intel SDM volume 3, section 4.10.3, "Paging-Structure Caches".
/// </summary>
public sealed class WalkCache
{
    private readonly Level[] _levels;
    private ulong _clock;

    /// <summary>An empty cache.</summary>
    /// <param name="entries">How many entries for each level, the lowest that has tables below it first.</param>
    /// <param name="shifts">The base-2 logarithm of the bytes that an entry of each such level covers.</param>
    public WalkCache(ImmutableArray<int> entries, params ReadOnlySpan<int> shifts)
    {
        _levels = new Level[Math.Min(entries.Length, shifts.Length)];
        for (int i = 0; i < _levels.Length; i++)
        {
            _levels[i] = new Level(shifts[i], entries[i]);
        }
    }

    /// <summary>Levels that are remembered.</summary>
    public int LevelCount => _levels.Length;

    /// <summary>Look-ups that found something, by level, the lowest first.</summary>
    public ImmutableArray<long> Hits => [.. _levels.Select(static level => level.Hits)];

    /// <summary>The level that the last look-up found, 0 for the lowest, or -1.</summary>
    public int LastLevel { get; private set; } = -1;

    /// <summary>What is known of an address at the lowest level that knows it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="tag">The address-space tag.</param>
    /// <param name="known">The table that the entry leads to, with the entry's rights.</param>
    /// <returns>The level's number, 0 for the lowest, or -1.</returns>
    public int Find(ulong address, uint tag, out WalkCacheEntry known)
    {
        for (int number = 0; number < _levels.Length; number++)
        {
            ref Level level = ref _levels[number];
            int slot = level.IndexOf(KeyOf(address, tag, level.Shift));
            if (slot >= 0)
            {
                level.Hits++;
                level.Used[slot] = ++_clock;
                known = level.Entries[slot];
                LastLevel = number;
                return number;
            }
        }

        known = default;
        LastLevel = -1;
        return -1;
    }

    /// <summary>Remembers an entry in place of the one that was used longest ago.</summary>
    public void Fill(int number, ulong address, uint tag, in WalkCacheEntry entry)
    {
        if (number >= _levels.Length || _levels[number].Keys.Length == 0)
        {
            return;
        }

        ref Level level = ref _levels[number];
        ulong key = KeyOf(address, tag, level.Shift);
        int slot = level.IndexOf(key);
        if (slot < 0)
        {
            slot = level.Used.AsSpan().IndexOf(level.Used.Min());
        }

        level.Keys[slot] = key;
        level.Entries[slot] = entry;
        level.Used[slot] = ++_clock;
    }

    /// <summary>Forgets all of one address space.</summary>
    public void Drop(uint tag)
    {
        foreach (ref Level level in _levels.AsSpan())
        {
            for (int slot = 0; slot < level.Keys.Length; slot++)
            {
                if ((level.Keys[slot] & ~TlbFlagsExtensions.PageMask) == tag)
                {
                    level.Clear(slot);
                }
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Flush()
    {
        foreach (ref Level level in _levels.AsSpan())
        {
            for (int slot = 0; slot < level.Keys.Length; slot++)
            {
                level.Clear(slot);
            }
        }
    }

    private static ulong KeyOf(ulong address, uint tag, int shift) => (address >> shift << PageSize.Base.Shift) | tag;

    private struct Level(int shift, int entries)
    {
        // No address has all bits of its number set: even the highest one is shifted by more than a page.
        private const ulong NoKey = ulong.MaxValue;

        public readonly int Shift = shift;
        public readonly ulong[] Keys = Enumerable.Repeat(NoKey, entries).ToArray();
        public readonly WalkCacheEntry[] Entries = new WalkCacheEntry[entries];
        public readonly ulong[] Used = new ulong[entries];
        public long Hits;

        public readonly int IndexOf(ulong key) => Keys.AsSpan().IndexOf(key);

        public readonly void Clear(int slot)
        {
            Keys[slot] = NoKey;
            Used[slot] = 0;
        }
    }
}

/// <summary>What a walk down to a level has learned.</summary>
/// <param name="Table">The table below.</param>
/// <param name="All">The bits that all entries so far have.</param>
/// <param name="Any">The bits that any entry so far has.</param>
public readonly record struct WalkCacheEntry(ulong Table, ulong All, ulong Any);
