using System.Runtime.CompilerServices;

namespace BsdVm;

/// <summary>
/// The TLBs of one processor: one for fetches, one for loads and stores, and a unified second level that is looked up only on a miss of
/// the first. The levels are filled together and evict on their own. Nothing is allocated after construction but by <see cref="Entries"/>.
/// </summary>
public sealed partial class TlbHierarchy
{
    private readonly Tlb[] _first;
    private readonly Tlb? _second;
    private readonly TlbKeys _keys;
    private readonly bool _isJoint;
    private readonly bool _isSpecial;

    // The last key used in each first-level TLB. Under every policy a second use in a row changes nothing, so that skipping it is exact.
    private TlbLastUse _lastInstruction = TlbLastUse.None;
    private TlbLastUse _lastData = TlbLastUse.None;
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
        ref TlbLastUse last = ref access == AccessKind.Execute ? ref _lastInstruction : ref _lastData;
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

    private Tlb First(AccessKind access) => _first[(int)access >> 1];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong LookupOther(ulong key, AccessKind access, ref TlbLastUse last)
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
    private ulong LookupSpecial(ulong key, AccessKind access, ulong translation, ref TlbLastUse last)
    {
        if (translation == 0 && _keys.Count > 1)
        {
            translation = LookupLarge(First(access), TlbKeys.WithoutTag(key), TlbKeys.TagOf(key), out _);
        }

        if (translation != 0)
        {
            last.Key = key;
            last.Translation = translation;
            if (_isJoint)
            {
                (access == AccessKind.Execute ? ref _lastData : ref _lastInstruction) = TlbLastUse.None;
            }
        }

        return translation;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Lookup(Tlb tlb, ulong key)
    {
        ulong translation = tlb.Lookup(key);
        return translation == 0 && _mayHoldGlobal ? tlb.LookupGlobal(TlbKeys.WithoutTag(key)) : translation;
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
    private ulong InPage(ulong address, int size) => PageSize.Base.RoundDown(new PageSize(_keys.ShiftOf(size)).OffsetIn(address));
}
