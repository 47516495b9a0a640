namespace BsdVm;

/// <summary>
/// What a hardware walker remembers of tables in virtual space: the latest pairs of table pages, direct mapped, of one address space. It
/// stands for the TLB entries that a software handler would have for them.
/// </summary>
public sealed class TablePageCache
{
    private readonly (ulong Pair, ulong Even, ulong Odd)[] _pairs;

    /// <summary>An empty cache.</summary>
    /// <param name="pairs">Pairs of pages, a power of two.</param>
    public TablePageCache(int pairs)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(pairs), true, nameof(pairs));
        _pairs = new (ulong, ulong, ulong)[pairs];
        Flush();
    }

    /// <summary>Forgets everything: the address space, or its tables, have changed.</summary>
    public void Flush() => Array.Fill(_pairs, (ulong.MaxValue, 0UL, 0UL));

    /// <summary>Where the table word at a virtual address is, if its page is known.</summary>
    public bool TryTranslate(ulong address, out PhysicalAddress physical)
    {
        ulong pair = address >> (PageSize.Base.Shift + 1);
        ref (ulong Pair, ulong Even, ulong Odd) known = ref _pairs[pair & ((ulong)_pairs.Length - 1)];
        ulong page = ((address >> PageSize.Base.Shift) & 1) == 0 ? known.Even : known.Odd;
        physical = new(page | (address & PageSize.Base.OffsetMask));
        return known.Pair == pair && page != 0;
    }

    /// <summary>Remembers a pair. 0 for a page that is not there.</summary>
    public void Load(ulong address, PhysicalAddress even, PhysicalAddress odd)
    {
        ulong pair = address >> (PageSize.Base.Shift + 1);
        _pairs[pair & ((ulong)_pairs.Length - 1)] = (pair, even.Value, odd.Value);
    }
}
