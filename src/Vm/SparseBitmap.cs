namespace BsdVm;

/// <summary>A set of page numbers, in blocks of 32768 pages (128 MB of addresses, 4 KB of host memory each).</summary>
internal sealed class SparseBitmap
{
    private const int BlockShift = 15;
    private const ulong BlockMask = (1UL << BlockShift) - 1;

    private readonly Dictionary<ulong, ulong[]> _blocks = [];
    private ulong _lastNumber = ulong.MaxValue;
    private ulong[] _last = [];

    public bool Contains(ulong page) =>
        _blocks.TryGetValue(page >> BlockShift, out ulong[]? block) && (block[(page & BlockMask) >> 6] >> (int)(page & 63) & 1) != 0;

    public void Add(ulong page)
    {
        ulong number = page >> BlockShift;
        if (number != _lastNumber)
        {
            if (!_blocks.TryGetValue(number, out ulong[]? block))
            {
                block = new ulong[1 << (BlockShift - 6)];
                _blocks.Add(number, block);
            }

            _last = block;
            _lastNumber = number;
        }

        _last[(page & BlockMask) >> 6] |= 1UL << (int)(page & 63);
    }

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
                    block[(page & BlockMask) >> 6] &= ~(1UL << (int)(page & 63));
                }
            }
        }
    }

    public void CopyRange(SparseBitmap from, ulong first, ulong count, ulong target)
    {
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
