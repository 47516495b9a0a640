using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// The TLBs of one processor: one for fetches, one for loads and stores, and a unified second level that is looked up only on a miss of
/// the first. The levels are filled together and evict on their own. Nothing is allocated after construction but by <see cref="Entries"/>.
/// </summary>
public sealed class TlbHierarchy
{
    // Above this many pages a range is invalidated by a scan of the entries.
    private const ulong PagewiseLimit = 32;

    private readonly Tlb[] _first;
    private readonly Tlb? _second;

    // The last key used in each first-level TLB. Under every policy a second use in a row changes nothing, so that skipping it is exact.
    private LastUse _lastInstruction = LastUse.None;
    private LastUse _lastData = LastUse.None;
    private bool _mayHoldGlobal;

    /// <summary>Empty TLBs.</summary>
    public TlbHierarchy(TlbSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        Specification = specification;
        _first =
        [
            Tlb.Create(specification.Data, specification.Replacement),
            Tlb.Create(specification.Instruction, specification.Replacement),
        ];
        _second = specification.Second.IsNone ? null : Tlb.Create(specification.Second, specification.Replacement);
    }

    /// <summary>Their shapes and policy.</summary>
    public TlbSpecification Specification { get; }

    /// <summary>The first-level TLB of fetches.</summary>
    public Tlb Instruction => _first[1];

    /// <summary>The first-level TLB of loads and stores.</summary>
    public Tlb Data => _first[0];

    /// <summary>The second level, or none.</summary>
    public Tlb? Second => _second;

    /// <summary>All translations in any of the TLBs; the same one may come more than once.</summary>
    public IEnumerable<TlbEntry> Entries => Instruction.Entries.Concat(Data.Entries).Concat(_second?.Entries ?? []);

    /// <summary>The first level's translation word; 0 on a miss.</summary>
    /// <param name="address">The address of the access.</param>
    /// <param name="tag">The address-space tag, 0 to 4095.</param>
    /// <param name="access">Which of the two TLBs is used.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong LookupFirst(ulong address, uint tag, AccessKind access)
    {
        ulong key = Key(address, tag);
        ref LastUse last = ref access == AccessKind.Execute ? ref _lastInstruction : ref _lastData;
        return last.Key == key ? last.Translation : LookupOther(key, access, ref last);
    }

    /// <summary>The second level's translation word; 0 on a miss.</summary>
    public ulong LookupSecond(ulong address, uint tag) => _second is null ? 0 : Lookup(_second, Key(address, tag));

    /// <summary>Puts a translation that the second level had into the first one.</summary>
    public void FillFirst(ulong address, uint tag, AccessKind access, ulong translation)
    {
        Fill(First(access), address, tag, translation);
        Last(access) = new() { Key = Key(address, tag), Translation = translation };
    }

    /// <summary>Puts the translation that a walk found into both levels.</summary>
    public void Fill(ulong address, uint tag, AccessKind access, ulong translation)
    {
        if (_second is not null)
        {
            Fill(_second, address, tag, translation);
        }

        FillFirst(address, tag, access, translation);
    }

    /// <summary>
    /// Puts in the translation that a walk found although the first level had one, with too few rights or not yet modified. Each level
    /// that still has the key's way, invalidated or not, takes it there without counting a use; nothing else is filled unless the first
    /// level has lost the key.
    /// </summary>
    public void Upgrade(ulong address, uint tag, AccessKind access, ulong translation)
    {
        ulong key = Key(address, StoredTag(tag, translation));
        if (!TryUpgrade(First(access), key, tag, translation))
        {
            Fill(address, tag, access, translation);
            return;
        }

        if (_second is not null)
        {
            TryUpgrade(_second, key, tag, translation);
        }

        Last(access) = new() { Key = Key(address, tag), Translation = translation };
    }

    /// <summary>Drops one page's translations, global ones included. Source: x86 <c>INVLPG</c>.</summary>
    public void InvalidatePage(ulong address, uint tag)
    {
        ulong page = address & TlbFlagsExtensions.PageMask;
        InvalidatePage(_first[0], page, tag);
        InvalidatePage(_first[1], page, tag);
        if (_second is not null)
        {
            InvalidatePage(_second, page, tag);
        }

        var range = new AddressRange(new(page), PageSize.BaseBytes);
        _lastData.Drop(range, tag);
        _lastInstruction.Drop(range, tag);
    }

    /// <summary>Drops the translations of all pages in a range that is page aligned, global ones included.</summary>
    public void InvalidateRange(AddressRange range, uint tag)
    {
        if (range.PageCount <= PagewiseLimit)
        {
            for (ulong page = 0; page < range.PageCount; page++)
            {
                InvalidatePage((range.Start + (page << PageSize.Base.Shift)).Value, tag);
            }

            return;
        }

        _first[0].InvalidateRange(range, tag);
        _first[1].InvalidateRange(range, tag);
        _second?.InvalidateRange(range, tag);
        _lastData.Drop(range, tag);
        _lastInstruction.Drop(range, tag);
    }

    /// <summary>Drops everything, or everything but global translations. Source: x86 <c>MOV CR3</c> keeps them, a change of CR4.PGE does not.</summary>
    public void Flush(bool keepGlobal)
    {
        keepGlobal &= _mayHoldGlobal;
        _first[0].Flush(keepGlobal);
        _first[1].Flush(keepGlobal);
        _second?.Flush(keepGlobal);
        if (keepGlobal)
        {
            _lastData.DropUnlessGlobal();
            _lastInstruction.DropUnlessGlobal();
        }
        else
        {
            _lastData = LastUse.None;
            _lastInstruction = LastUse.None;
        }

        _mayHoldGlobal = keepGlobal;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(ulong address, uint tag) => (address & TlbFlagsExtensions.PageMask) | tag;

    private static uint StoredTag(uint tag, ulong translation) => (translation & (ulong)TlbFlags.Global) != 0 ? 0 : tag;

    private static void InvalidatePage(Tlb tlb, ulong page, uint tag)
    {
        tlb.Invalidate(page | tag, onlyGlobal: false);
        if (tag != 0)
        {
            tlb.Invalidate(page, onlyGlobal: true);
        }
    }

    private Tlb First(AccessKind access) => _first[(int)access >> 1];

    private ref LastUse Last(AccessKind access) => ref access == AccessKind.Execute ? ref _lastInstruction : ref _lastData;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong LookupOther(ulong key, AccessKind access, ref LastUse last)
    {
        ulong translation = Lookup(First(access), key);
        if (translation != 0)
        {
            last.Key = key;
            last.Translation = translation;
        }

        return translation;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Lookup(Tlb tlb, ulong key)
    {
        ulong translation = tlb.Lookup(key);
        return translation == 0 && _mayHoldGlobal ? tlb.LookupGlobal(key & TlbFlagsExtensions.PageMask) : translation;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill(Tlb tlb, ulong address, uint tag, ulong translation)
    {
        ulong key = Key(address, StoredTag(tag, translation));
        _mayHoldGlobal |= (translation & (ulong)TlbFlags.Global) != 0;
        DropShadow(tlb, key, tag);
        tlb.Fill(key, translation);
    }

    private static bool TryUpgrade(Tlb tlb, ulong key, uint tag, ulong translation)
    {
        DropShadow(tlb, key, tag);
        return tlb.TryUpgrade(key, translation);
    }

    // A page that becomes global in an address space must not be hidden by what was filled for that space alone.
    private static void DropShadow(Tlb tlb, ulong key, uint tag)
    {
        if ((key & ~TlbFlagsExtensions.PageMask) != tag)
        {
            tlb.Invalidate(key | tag, onlyGlobal: false);
        }
    }

    private struct LastUse
    {
        // The last page of the 64-bit space under the last tag: a key that nobody uses stands for none. Its look-up would be a miss.
        private const ulong NoKey = ulong.MaxValue;

        public ulong Key;
        public ulong Translation;

        public static LastUse None => new() { Key = NoKey };

        public void DropUnlessGlobal()
        {
            if ((Translation & (ulong)TlbFlags.Global) == 0)
            {
                this = None;
            }
        }

        public void Drop(AddressRange range, uint tag)
        {
            if (range.Contains(new(Key & TlbFlagsExtensions.PageMask))
                && ((Key & ~TlbFlagsExtensions.PageMask) == tag || (Translation & (ulong)TlbFlags.Global) != 0))
            {
                this = None;
            }
        }
    }
}
