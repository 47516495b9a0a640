namespace BsdVm;

/// <content>What takes translations out: a page, a range, everything. The last uses go with the entries.</content>
public sealed partial class TlbHierarchy
{
    // Above this many pages a range is invalidated by a scan of the entries.
    private const ulong PagewiseLimit = 32;

    /// <summary>Drops one page's translations, global ones included. Source: x86 <c>INVLPG</c>.</summary>
    public void InvalidatePage(ulong address, uint tag)
    {
        ulong page = PageSize.Base.RoundDown(address);
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
                InvalidatePage((range.Start.Page + page).Address.Value, tag);
            }

            return;
        }

        _first[0].InvalidateRange(range, tag);
        _first[1].InvalidateRange(range, tag);
        _second?.InvalidateRange(range, tag);
        DropLastUses(range.Start.Value, range.Last.Value, tag);
    }

    /// <summary>
    /// Drops everything, or everything but global translations. Source: x86 <c>MOV CR3</c> keeps them, a change of CR4.PGE does not.
    /// </summary>
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
            _lastData = TlbLastUse.None;
            _lastInstruction = TlbLastUse.None;
        }

        _mayHoldGlobal = keepGlobal;
    }

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

    // A last use anywhere in a page goes with the page, of which one part may be the reason: all is seen in units of the largest size.
    private void DropLastUses(ulong first, ulong last, uint tag)
    {
        var largest = new PageSize(_keys.ShiftOf(_keys.Count - 1));
        (first, last) = (largest.RoundDown(first), largest.RoundDown(last) + largest.OffsetMask);
        _lastData.Drop(first, last, tag);
        _lastInstruction.Drop(first, last, tag);
    }
}
