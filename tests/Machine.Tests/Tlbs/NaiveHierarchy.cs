namespace BsdVm.Tests.Tlbs;

/// <summary>The three TLBs of a processor made of <see cref="NaiveTlb"/>, without any memory of the last use.</summary>
internal sealed class NaiveHierarchy(TlbSpecification specification)
{
    private readonly NaiveTlb[] _first =
    [
        new(specification.Data, specification.Replacement), new(specification.Instruction, specification.Replacement),
    ];

    private readonly NaiveTlb? _second = specification.Second.IsNone ? null : new(specification.Second, specification.Replacement);

    public IEnumerable<TlbEntry> Entries => All.SelectMany(tlb => tlb.Entries);

    private IEnumerable<NaiveTlb> All => _second is null ? _first : _first.Append(_second);

    public ulong LookupFirst(ulong address, uint tag, AccessKind access) => Lookup(First(access), address, tag);

    public ulong LookupSecond(ulong address, uint tag) => _second is null ? 0 : Lookup(_second, address, tag);

    public void FillFirst(ulong address, uint tag, AccessKind access, ulong translation) => Fill(First(access), address, tag, translation);

    public void Fill(ulong address, uint tag, AccessKind access, ulong translation)
    {
        FillFirst(address, tag, access, translation);
        if (_second is not null)
        {
            Fill(_second, address, tag, translation);
        }
    }

    public void Upgrade(ulong address, uint tag, AccessKind access, ulong translation)
    {
        ulong key = PageSize.Base.RoundDown(address) | (IsGlobal(translation) ? 0 : tag);
        if (TryUpgrade(First(access), key, tag, translation))
        {
            _ = _second is not null && TryUpgrade(_second, key, tag, translation);
        }
        else
        {
            Fill(address, tag, access, translation);
        }
    }

    public void InvalidatePage(ulong address, uint tag)
    {
        foreach (NaiveTlb tlb in All)
        {
            tlb.Invalidate(PageSize.Base.RoundDown(address) | tag);
            tlb.Invalidate(PageSize.Base.RoundDown(address), onlyGlobal: true);
        }
    }

    public void Flush(bool keepGlobal)
    {
        foreach (NaiveTlb tlb in All)
        {
            tlb.Flush(keepGlobal && MayHoldGlobal);
        }

        MayHoldGlobal &= keepGlobal;
    }

    private bool MayHoldGlobal { get; set; }

    private static bool IsGlobal(ulong translation) => (translation & (ulong)TlbFlags.Global) != 0;

    private static ulong Lookup(NaiveTlb tlb, ulong address, uint tag)
    {
        ulong translation = tlb.Lookup(PageSize.Base.RoundDown(address) | tag);
        return translation != 0 ? translation : tlb.Lookup(PageSize.Base.RoundDown(address), onlyGlobal: true);
    }

    private void Fill(NaiveTlb tlb, ulong address, uint tag, ulong translation)
    {
        MayHoldGlobal |= IsGlobal(translation);
        if (IsGlobal(translation) && tag != 0)
        {
            tlb.Invalidate(PageSize.Base.RoundDown(address) | tag);
        }

        tlb.Fill(PageSize.Base.RoundDown(address) | (IsGlobal(translation) ? 0 : tag), translation);
    }

    private static bool TryUpgrade(NaiveTlb tlb, ulong key, uint tag, ulong translation)
    {
        if (IsGlobal(translation) && tag != 0)
        {
            tlb.Invalidate(key | tag);
        }

        return tlb.TryUpgrade(key, translation);
    }

    private NaiveTlb First(AccessKind access) => _first[access == AccessKind.Execute ? 1 : 0];
}
