namespace BsdVm;

/// <summary>A set of page numbers, in blocks of 32768 pages (128 MB of addresses, 4 KB of host memory each).</summary>
public sealed class PageSet
{
    private const int BlockShift = 15;
    private const ulong BlockMask = (1UL << BlockShift) - 1;
    private const int RecentCount = 16;

    private readonly Dictionary<ulong, ulong[]> _blocks = [];

    // The blocks used last, by the low bits of their numbers.
    private readonly (ulong Number, ulong[]? Block)[] _recent = new (ulong, ulong[]?)[RecentCount];

    /// <summary>Pages in the set.</summary>
    public long Count { get; private set; }

    /// <summary>The pages, lowest first.</summary>
    public IEnumerable<ulong> Pages
    {
        get
        {
            foreach ((ulong number, ulong[] block) in _blocks.OrderBy(static block => block.Key))
            {
                for (ulong page = 0; page <= BlockMask; page++)
                {
                    if ((block[page >> 6] >> (int)(page & 63) & 1) != 0)
                    {
                        yield return (number << BlockShift) + page;
                    }
                }
            }
        }
    }

    /// <summary>Whether a page is in the set.</summary>
    public bool Contains(ulong page) =>
        _blocks.TryGetValue(page >> BlockShift, out ulong[]? block) && (block[(page & BlockMask) >> 6] >> (int)(page & 63) & 1) != 0;

    /// <summary>Puts a page in.</summary>
    public void Add(ulong page)
    {
        ulong number = page >> BlockShift;
        ref (ulong Number, ulong[]? Block) recent = ref _recent[number & (RecentCount - 1)];
        if (recent.Number != number || recent.Block is null)
        {
            recent = (number, Block(number));
        }

        ref ulong bits = ref recent.Block[(page & BlockMask) >> 6];
        ulong bit = 1UL << (int)(page & 63);
        Count += (bits & bit) == 0 ? 1 : 0;
        bits |= bit;
    }

    private ulong[] Block(ulong number)
    {
        if (!_blocks.TryGetValue(number, out ulong[]? block))
        {
            block = new ulong[1 << (BlockShift - 6)];
            _blocks.Add(number, block);
        }

        return block;
    }

    /// <summary>Takes a range of pages out.</summary>
    public void RemoveRange(ulong first, ulong count)
    {
        foreach ((ulong number, ulong[] block) in _blocks)
        {
            ulong start = number << BlockShift;
            if (first < start + BlockMask + 1 && start < first + count)
            {
                ulong from = Math.Max(first, start);
                ulong to = Math.Min(first + count, start + BlockMask + 1);
                for (ulong page = from; page < to; page++)
                {
                    ref ulong bits = ref block[(page & BlockMask) >> 6];
                    Count -= (long)(bits >> (int)(page & 63) & 1);
                    bits &= ~(1UL << (int)(page & 63));
                }
            }
        }
    }

    /// <summary>Puts the pages of a range of another set in, moved to begin at <paramref name="target"/>.</summary>
    public void CopyRange(PageSet from, ulong first, ulong count, ulong target)
    {
        ArgumentNullException.ThrowIfNull(from);
        foreach ((ulong number, ulong[] block) in from._blocks.OrderBy(static block => block.Key).ToArray())
        {
            ulong start = number << BlockShift;
            ulong low = Math.Max(first, start);
            ulong high = Math.Min(first + count, start + BlockMask + 1);
            for (ulong page = low; page < high; page++)
            {
                if ((block[(page & BlockMask) >> 6] >> (int)(page & 63) & 1) != 0)
                {
                    Add(page - first + target);
                }
            }
        }
    }
}
