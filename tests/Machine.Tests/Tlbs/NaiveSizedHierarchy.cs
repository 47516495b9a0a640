namespace BsdVm.Tests.Tlbs;

/// <summary>
/// TLBs of several page sizes, perhaps with a joint first level, made of <see cref="NaiveTlb"/>: a key is the number of the page in its own
/// size over the tag, with the size in the top bits. Sets must be powers of two.
/// </summary>
internal sealed class NaiveSizedHierarchy
{
    // A key without the size in its top two bits, as a page number.
    private const ulong NumberMask = (1UL << 50) - 1;

    private readonly int[] _shifts;
    private readonly NaiveTlb[] _first;
    private readonly NaiveTlb _second;

    public NaiveSizedHierarchy(TlbSpecification specification)
    {
        _shifts = [.. specification.Pages.Select(static size => size.Shift)];
        var data = new NaiveTlb(specification.Data, specification.Replacement);
        _first = [data, specification.IsJoint ? data : new(specification.Instruction, specification.Replacement)];
        _second = new(specification.Second, specification.Replacement);
    }

    /// <summary>The entries as they are kept, not in pieces: the first address, the size, the tag.</summary>
    public IEnumerable<(ulong Start, int Shift, uint Tag, ulong Translation)> Kept(AccessKind access) =>
        First(access).Entries.Select(entry =>
        {
            int shift = _shifts[(int)(entry.Page.Value >> 62)];
            return ((entry.Page.Page.Value & NumberMask) << shift, shift, entry.Tag, entry.Translation);
        });

    public ulong LookupFirst(ulong address, uint tag, AccessKind access) => Lookup(First(access), address, tag, out _);

    public ulong LookupSecond(ulong address, uint tag, out int pageShift) => Lookup(_second, address, tag, out pageShift);

    public void FillFirst(ulong address, uint tag, AccessKind access, ulong translation, int pageShift) =>
        Fill(First(access), address, tag, translation, pageShift);

    public void Fill(ulong address, uint tag, AccessKind access, ulong translation, int pageShift)
    {
        Fill(_second, address, tag, translation, pageShift);
        FillFirst(address, tag, access, translation, pageShift);
    }

    public void Upgrade(ulong address, uint tag, AccessKind access, ulong translation, int pageShift)
    {
        int kept = SizeFor(pageShift);
        for (int size = 0; size < _shifts.Length; size++)
        {
            if (size != kept)
            {
                Invalidate(address, tag, size);
            }
        }

        if (TryUpgrade(First(access), address, tag, translation, kept))
        {
            TryUpgrade(_second, address, tag, translation, kept);
        }
        else
        {
            Fill(address, tag, access, translation, pageShift);
        }
    }

    public void InvalidatePage(ulong address, uint tag)
    {
        for (int size = 0; size < _shifts.Length; size++)
        {
            Invalidate(address, tag, size);
        }
    }

    public void Flush(bool keepGlobal)
    {
        foreach (NaiveTlb tlb in _first.Append(_second))
        {
            tlb.Flush(keepGlobal);
        }
    }

    private static bool IsGlobal(ulong translation) => (translation & (ulong)TlbFlags.Global) != 0;

    private NaiveTlb First(AccessKind access) => _first[access == AccessKind.Execute ? 1 : 0];

    private ulong Key(ulong address, uint tag, int size) =>
        ((ulong)size << 62) | new PageNumber(address >> _shifts[size]).Address.Value | tag;

    private ulong InPage(ulong address, int size) => PageSize.Base.RoundDown(new PageSize(_shifts[size]).OffsetIn(address));

    private int SizeFor(int pageShift) => Array.FindLastIndex(_shifts, shift => shift <= pageShift);

    private ulong Lookup(NaiveTlb tlb, ulong address, uint tag, out int pageShift)
    {
        for (int size = 0; size < _shifts.Length; size++)
        {
            ulong found = tlb.Lookup(Key(address, tag, size));
            found = found != 0 ? found : tlb.Lookup(Key(address, 0, size), onlyGlobal: true);
            if (found != 0)
            {
                pageShift = _shifts[size];
                return found + InPage(address, size);
            }
        }

        pageShift = 12;
        return 0;
    }

    private void Fill(NaiveTlb tlb, ulong address, uint tag, ulong translation, int pageShift)
    {
        int size = SizeFor(pageShift);
        DropShadow(tlb, address, tag, translation, size);
        tlb.Fill(Key(address, IsGlobal(translation) ? 0 : tag, size), translation - InPage(address, size));
    }

    private bool TryUpgrade(NaiveTlb tlb, ulong address, uint tag, ulong translation, int size)
    {
        DropShadow(tlb, address, tag, translation, size);
        return tlb.TryUpgrade(Key(address, IsGlobal(translation) ? 0 : tag, size), translation - InPage(address, size));
    }

    private void DropShadow(NaiveTlb tlb, ulong address, uint tag, ulong translation, int size)
    {
        if (IsGlobal(translation) && tag != 0)
        {
            tlb.Invalidate(Key(address, tag, size));
        }
    }

    private void Invalidate(ulong address, uint tag, int size)
    {
        foreach (NaiveTlb tlb in _first.Append(_second))
        {
            tlb.Invalidate(Key(address, tag, size));
            tlb.Invalidate(Key(address, 0, size), onlyGlobal: true);
        }
    }
}
