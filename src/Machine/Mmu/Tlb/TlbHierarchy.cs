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
    private readonly TlbKeys _keys;
    private readonly bool _isJoint;
    private readonly bool _isSpecial;

    // The last key used in each first-level TLB. Under every policy a second use in a row changes nothing, so that skipping it is exact.
    private LastUse _lastInstruction = LastUse.None;
    private LastUse _lastData = LastUse.None;
    private bool _mayHoldGlobal;

    /// <summary>Empty TLBs.</summary>
    public TlbHierarchy(TlbSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        Specification = specification;
        _keys = new TlbKeys(specification.Pages);
        var data = Tlb.Create(specification.Data, specification.Replacement, _keys);
        _first = [data, specification.IsJoint ? data : Tlb.Create(specification.Instruction, specification.Replacement, _keys)];
        _second = specification.Second.IsNone ? null : Tlb.Create(specification.Second, specification.Replacement, _keys);
        _isJoint = specification.IsJoint;
        _isSpecial = _isJoint || _keys.Count > 1;
    }

    /// <summary>Their shapes and policy.</summary>
    public TlbSpecification Specification { get; }

    /// <summary>The first-level TLB of fetches.</summary>
    public Tlb Instruction => _first[1];

    /// <summary>The first-level TLB of loads and stores.</summary>
    public Tlb Data => _first[0];

    /// <summary>The second level, or none.</summary>
    public Tlb? Second => _second;

    /// <summary>All translations in any of the TLBs, in pieces of 4 KB; the same one may come more than once.</summary>
    public IEnumerable<TlbEntry> Entries => Instruction.Entries.Concat(Data.Entries).Concat(_second?.Entries ?? []);

    /// <summary>The base-2 logarithm of the size of the page that the latest <see cref="LookupSecond"/> found.</summary>
    public int SecondPageShift { get; private set; } = PageSize.Base.Shift;

    /// <summary>The first level's translation word; 0 on a miss.</summary>
    /// <param name="address">The address of the access.</param>
    /// <param name="tag">The address-space tag, 0 to 4095.</param>
    /// <param name="access">Which of the two TLBs is used.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong LookupFirst(ulong address, uint tag, AccessKind access)
    {
        ulong key = TlbKeys.OfBasePage(address, tag);
        ref LastUse last = ref access == AccessKind.Execute ? ref _lastInstruction : ref _lastData;
        return last.Key == key ? last.Translation : LookupOther(key, access, ref last);
    }

    /// <summary>The second level's translation word; 0 on a miss.</summary>
    public ulong LookupSecond(ulong address, uint tag)
    {
        if (_second is null)
        {
            return 0;
        }

        ulong translation = Lookup(_second, TlbKeys.OfBasePage(address, tag));
        SecondPageShift = PageSize.Base.Shift;
        if (translation != 0 || _keys.Count == 1)
        {
            return translation;
        }

        translation = LookupLarge(_second, address, tag, out int pageShift);
        SecondPageShift = pageShift;
        return translation;
    }

    /// <summary>Puts a translation that the second level had, or a walk found, into the first one.</summary>
    /// <param name="address">The address of the access.</param>
    /// <param name="tag">The address-space tag.</param>
    /// <param name="access">Which of the two TLBs is used.</param>
    /// <param name="translation">The translation word of the 4 KB around the address.</param>
    /// <param name="pageShift">The base-2 logarithm of the page's size. A TLB without that size takes the largest part that it has.</param>
    public void FillFirst(ulong address, uint tag, AccessKind access, ulong translation, int pageShift = 12)
    {
        Fill(First(access), address, tag, translation, pageShift);
        Remember(address, tag, access, translation);
    }

    /// <summary>Puts the translation that a walk found into both levels. Parameters as in <see cref="FillFirst"/>.</summary>
    public void Fill(ulong address, uint tag, AccessKind access, ulong translation, int pageShift = 12)
    {
        if (_second is not null)
        {
            Fill(_second, address, tag, translation, pageShift);
        }

        FillFirst(address, tag, access, translation, pageShift);
    }

    /// <summary>
    /// Puts in the translation that a walk found although the first level had one, with too few rights or not yet modified. Each level
    /// that still has the key's way, invalidated or not, takes it there without counting a use; nothing else is filled unless the first
    /// level has lost the key. Parameters as in <see cref="FillFirst"/>.
    /// </summary>
    public void Upgrade(ulong address, uint tag, AccessKind access, ulong translation, int pageShift = 12)
    {
        if (_keys.Count > 1)
        {
            DropOtherSizes(address, tag, _keys.SizeFor(pageShift));
        }

        if (!TryUpgrade(First(access), address, tag, translation, pageShift))
        {
            Fill(address, tag, access, translation, pageShift);
            return;
        }

        if (_second is not null)
        {
            TryUpgrade(_second, address, tag, translation, pageShift);
        }

        Remember(address, tag, access, translation);
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

        DropLastUses(page, page, tag);
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
        DropLastUses(range.Start.Value, range.Last.Value, tag);
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

    private static uint StoredTag(uint tag, ulong translation) => (translation & (ulong)TlbFlags.Global) != 0 ? 0 : tag;

    private void InvalidatePage(Tlb tlb, ulong page, uint tag)
    {
        for (int size = 0; size < _keys.Count; size++)
        {
            InvalidateKey(tlb, page, tag, size);
        }
    }

    private void InvalidateKey(Tlb tlb, ulong address, uint tag, int size)
    {
        tlb.Invalidate(_keys.Of(address, tag, size), onlyGlobal: false);
        if (tag != 0)
        {
            tlb.Invalidate(_keys.Of(address, 0, size), onlyGlobal: true);
        }
    }

    private Tlb First(AccessKind access) => _first[(int)access >> 1];

    // A joint TLB keeps one order of uses for both kinds of access: then nobody may skip a use because his own kind had it last.
    private void Remember(ulong address, uint tag, AccessKind access, ulong translation)
    {
        (access == AccessKind.Execute ? ref _lastInstruction : ref _lastData) =
            new() { Key = TlbKeys.OfBasePage(address, tag), Translation = translation };
        if (_isJoint)
        {
            (access == AccessKind.Execute ? ref _lastData : ref _lastInstruction) = LastUse.None;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong LookupOther(ulong key, AccessKind access, ref LastUse last)
    {
        ulong translation = Lookup(First(access), key);
        if (_isSpecial)
        {
            return LookupSpecial(key, access, translation, ref last);
        }

        if (translation != 0)
        {
            last.Key = key;
            last.Translation = translation;
        }

        return translation;
    }

    // With larger pages, or one TLB for both kinds of access.
    private ulong LookupSpecial(ulong key, AccessKind access, ulong translation, ref LastUse last)
    {
        if (translation == 0 && _keys.Count > 1)
        {
            translation = LookupLarge(First(access), key & TlbFlagsExtensions.PageMask, TlbKeys.TagOf(key), out _);
        }

        if (translation != 0)
        {
            last.Key = key;
            last.Translation = translation;
            if (_isJoint)
            {
                (access == AccessKind.Execute ? ref _lastData : ref _lastInstruction) = LastUse.None;
            }
        }

        return translation;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Lookup(Tlb tlb, ulong key)
    {
        ulong translation = tlb.Lookup(key);
        return translation == 0 && _mayHoldGlobal ? tlb.LookupGlobal(key & TlbFlagsExtensions.PageMask) : translation;
    }

    // The sizes above 4 KB, smallest first: of two entries for one address the smaller one is used.
    private ulong LookupLarge(Tlb tlb, ulong address, uint tag, out int pageShift)
    {
        for (int size = 1; size < _keys.Count; size++)
        {
            ulong translation = Lookup(tlb, _keys.Of(address, tag, size));
            if (translation != 0)
            {
                pageShift = _keys.ShiftOf(size);
                return translation + InPage(address, size);
            }
        }

        pageShift = PageSize.Base.Shift;
        return 0;
    }

    // Where the 4 KB around an address lie in their page.
    private ulong InPage(ulong address, int size) => address & ((1UL << _keys.ShiftOf(size)) - 1) & TlbFlagsExtensions.PageMask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill(Tlb tlb, ulong address, uint tag, ulong translation, int pageShift)
    {
        _mayHoldGlobal |= (translation & (ulong)TlbFlags.Global) != 0;
        uint storedTag = StoredTag(tag, translation);
        if (!_isSpecial)
        {
            ulong page = TlbKeys.OfBasePage(address, storedTag);
            DropShadow(tlb, page, tag);
            tlb.Fill(page, translation);
            return;
        }

        int size = _keys.SizeFor(pageShift);
        ulong key = _keys.Of(address, storedTag, size);
        DropShadow(tlb, key, tag);
        tlb.Fill(key, translation - InPage(address, size));
    }

    private bool TryUpgrade(Tlb tlb, ulong address, uint tag, ulong translation, int pageShift)
    {
        _mayHoldGlobal |= (translation & (ulong)TlbFlags.Global) != 0;
        int size = _keys.SizeFor(pageShift);
        ulong key = _keys.Of(address, StoredTag(tag, translation), size);
        DropShadow(tlb, key, tag);
        return tlb.TryUpgrade(key, translation - InPage(address, size));
    }

    // A page that became part of a larger one, or the other way round: what was filled before must not stay beside it.
    private void DropOtherSizes(ulong address, uint tag, int kept)
    {
        for (int size = 0; size < _keys.Count; size++)
        {
            if (size != kept)
            {
                InvalidateKey(_first[0], address, tag, size);
                InvalidateKey(_first[1], address, tag, size);
                if (_second is not null)
                {
                    InvalidateKey(_second, address, tag, size);
                }
            }
        }

        DropLastUses(address, address, tag);
    }

    // A last use anywhere in a page goes with the page, of which one part may be the reason: all is seen in units of the largest size.
    private void DropLastUses(ulong first, ulong last, uint tag)
    {
        ulong inLargest = (1UL << _keys.ShiftOf(_keys.Count - 1)) - 1;
        _lastData.Drop(first & ~inLargest, last | inLargest, tag);
        _lastInstruction.Drop(first & ~inLargest, last | inLargest, tag);
    }

    // A page that becomes global in an address space must not be hidden by what was filled for that space alone.
    private static void DropShadow(Tlb tlb, ulong key, uint tag)
    {
        if (TlbKeys.TagOf(key) != tag)
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

        public void Drop(ulong first, ulong last, uint tag)
        {
            if (Key >= first && Key <= last
                && ((Key & ~TlbFlagsExtensions.PageMask) == tag || (Translation & (ulong)TlbFlags.Global) != 0))
            {
                this = None;
            }
        }
    }
}
