namespace BsdVm.Walks;

/// <summary>
/// What a hardware walker remembers of tables in virtual space: the latest pairs of table pages, direct mapped, of one address space. It
/// stands for the TLB entries that a software handler would have for them.
/// </summary>
internal sealed class TablePageCache
{
    private readonly (ulong Pair, PhysicalAddress Even, PhysicalAddress Odd)[] _pairs;

    /// <summary>An empty cache.</summary>
    /// <param name="pairs">Pairs of pages, a power of two.</param>
    public TablePageCache(int pairs)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(pairs), true, nameof(pairs));
        _pairs = new (ulong, PhysicalAddress, PhysicalAddress)[pairs];
        Flush();
    }

    /// <summary>Forgets everything: the address space, or its tables, have changed.</summary>
    public void Flush() => Array.Fill(_pairs, (ulong.MaxValue, default, default));

    /// <summary>Where the table word at a virtual address is, if its page is known.</summary>
    public bool TryTranslate(ulong address, out PhysicalAddress physical)
    {
        ulong pair = TablePair.Of(address);
        ref (ulong Pair, PhysicalAddress Even, PhysicalAddress Odd) known = ref _pairs[pair & ((ulong)_pairs.Length - 1)];
        return TablePair.TryPick(address, known.Even, known.Odd, out physical) && known.Pair == pair;
    }

    /// <summary>Remembers a pair. 0 for a page that is not there.</summary>
    public void Load(ulong address, PhysicalAddress even, PhysicalAddress odd)
    {
        ulong pair = TablePair.Of(address);
        _pairs[pair & ((ulong)_pairs.Length - 1)] = (pair, even, odd);
    }
}
