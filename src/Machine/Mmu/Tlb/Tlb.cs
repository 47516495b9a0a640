namespace BsdVm;

/// <summary>
/// One TLB. A key is the virtual page's number over the address-space tag, with the page's size in its top bits; a translation word is laid
/// out as <see cref="TlbFlags"/> says, with the physical address of the page's first byte, and is never 0. A global translation is kept
/// under tag 0 and found under any tag. An invalidated way keeps its key until another one takes the way: filling that key again revives
/// the way where it stands in the order of filling. So a kernel that invalidates a page and restarts the access does not change what is
/// counted later. A way without a key is taken first for a new key, then an invalidated one, then the one that the replacement policy
/// names.
/// </summary>
public abstract partial class Tlb
{
    private const ulong NumberMask = (1UL << 50) - 1;

    private readonly ulong _sets;
    private readonly ulong _setMask;

    private protected Tlb(TlbGeometry geometry, TlbKeys keys)
    {
        Geometry = geometry;
        Keys = keys;
        _sets = (ulong)geometry.Sets;
        _setMask = System.Numerics.BitOperations.IsPow2(_sets) ? _sets - 1 : ulong.MaxValue;
    }

    /// <summary>Its shape.</summary>
    public TlbGeometry Geometry { get; }

    /// <summary>The translations that it would use now, in pieces of 4 KB, in no order that means anything.</summary>
    public IEnumerable<TlbEntry> Entries
    {
        get
        {
            var entries = new List<(ulong Key, ulong Translation)>();
            Collect(entries);
            foreach ((ulong key, ulong translation) in entries)
            {
                AddressRange range = Keys.RangeOf(key);
                for (ulong offset = 0; offset < range.LengthBytes; offset += PageSize.BaseBytes)
                {
                    yield return new TlbEntry(range.Start + offset, TlbKeys.TagOf(key), translation + offset);
                }
            }
        }
    }

    /// <summary>The bytes of address space that its translations cover now.</summary>
    public ulong ReachBytes
    {
        get
        {
            var entries = new List<(ulong Key, ulong Translation)>();
            Collect(entries);
            return entries.Aggregate(0UL, (sum, entry) => sum + Keys.RangeOf(entry.Key).LengthBytes);
        }
    }

    /// <summary>How keys are made.</summary>
    private protected TlbKeys Keys { get; }

    /// <summary>Makes an empty TLB; the storage that suits the shape is chosen here.</summary>
    internal static Tlb Create(TlbGeometry geometry, TlbReplacement replacement, TlbKeys keys)
    {
        int sets = geometry.Sets;
        int ways = geometry.Ways;
        if (ways <= WideAgeOrder.MaximumWays)
        {
            return replacement switch
            {
                TlbReplacement.Random => new WayTlb<RandomOrder>(geometry, keys, new(sets, ways, sparesLast: false)),
                TlbReplacement.Nlu => new WayTlb<RandomOrder>(geometry, keys, new(sets, ways, sparesLast: true)),
                TlbReplacement.Plru => new WayTlb<TreeOrder>(geometry, keys, new(sets, ways)),
                _ when ways <= AgeOrder.MaximumWays =>
                    new WayTlb<AgeOrder>(geometry, keys, new(sets, ways, replacement == TlbReplacement.Lru)),
                _ => new WayTlb<WideAgeOrder>(geometry, keys, new(sets, ways, replacement == TlbReplacement.Lru)),
            };
        }

        return replacement switch
        {
            TlbReplacement.Random => new IndexedTlb<RandomOrder>(geometry, keys, new(sets, ways, sparesLast: false)),
            TlbReplacement.Nlu => new IndexedTlb<RandomOrder>(geometry, keys, new(sets, ways, sparesLast: true)),
            TlbReplacement.Plru => new IndexedTlb<TreeOrder>(geometry, keys, new(sets, ways)),
            _ => new IndexedTlb<LinkOrder>(geometry, keys, new(sets, ways, replacement == TlbReplacement.Lru)),
        };
    }

    /// <summary>The translation of a key, which counts as a use; 0 if there is none.</summary>
    internal abstract ulong Lookup(ulong key);

    /// <summary>As <see cref="Lookup"/>, for a global translation only; the key has tag 0.</summary>
    internal abstract ulong LookupGlobal(ulong key);

    /// <summary>Puts a translation in, in place of one of the same key if there is one; counts as a use.</summary>
    internal abstract void Fill(ulong key, ulong translation);

    /// <summary>
    /// Gives a new translation to a key that has a way, valid or invalidated, and leaves the order alone. False if it has none.
    /// </summary>
    internal abstract bool TryUpgrade(ulong key, ulong translation);

    /// <summary>Invalidates the translation of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="onlyGlobal">Only if the translation is global.</param>
    internal abstract void Invalidate(ulong key, bool onlyGlobal);

    /// <summary>Invalidates every translation of a page in the range that is global or has the tag.</summary>
    internal abstract void InvalidateRange(AddressRange range, uint tag);

    /// <summary>Forgets all translations and their order, or all but the global ones.</summary>
    internal abstract void Flush(bool keepGlobal);

    /// <summary>Adds all valid translations to a list.</summary>
    internal abstract void Collect(List<(ulong Key, ulong Translation)> entries);

    private protected static bool IsGlobal(ulong translation) => (translation & (ulong)TlbFlags.Global) != 0;

    private protected bool IsIn(AddressRange range, uint tag, ulong key, ulong translation) =>
        range.Overlaps(Keys.RangeOf(key)) && (TlbKeys.TagOf(key) == tag || IsGlobal(translation));

    private protected int SetOf(ulong key)
    {
        // The bits that tell the size do not choose the set.
        ulong page = TlbKeys.NumberOf(key);
        return (int)(_setMask != ulong.MaxValue ? page & _setMask : (page & NumberMask) % _sets);
    }
}
