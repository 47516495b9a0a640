namespace BsdVm.Traces;

/// <summary>
/// A synthetic trace that any language reproduces bit for bit, for benchmarks and tests: phases of Zipf-distributed references, scans and
/// loops over pages in four areas (text, heap, mappings, stack). Every draw is one step of splitmix64; <c>draw % n</c> throughout, its
/// bias is part of the definition.
/// </summary>
public sealed class ReferenceTrace
{
    private const ulong TextPage = 0x400;
    private const ulong HeapPage = 0x555555757;
    private const ulong MappingPage = 0x7fffc0000;
    private const ulong StackTopPage = 0x7fffff000;

    private readonly int _pages;
    private readonly ulong _seed;
    private readonly ulong[] _cumulativeWeight;
    private SplitMix64 _random;

    private ReferenceTrace(int pages, int references, ulong seed)
    {
        _pages = pages;
        ReferenceCount = references;
        _seed = seed;
        _cumulativeWeight = new ulong[pages];
    }

    /// <summary>5 000 pages, 100 000 references.</summary>
    public static ReferenceTrace Small => new(5000, 100_000, 0x5EED0001);

    /// <summary>200 000 pages, 10 000 000 references.</summary>
    public static ReferenceTrace Big => new(200_000, 10_000_000, 0x5EED0002);

    /// <summary>How many words <see cref="Generate"/> makes.</summary>
    public int ReferenceCount { get; }

    /// <summary>
    /// Makes the trace in the form of <see cref="TraceFormat.Words"/>: bits 63..3 the byte address, bit 0 set for a store.
    /// </summary>
    public ulong[] Generate()
    {
        _random = new(_seed);
        WeighRanks();
        int[] pageOfRank = Permute();
        var words = new ulong[ReferenceCount];
        int scanCursor = 0;
        for (int count = 0; count < words.Length;)
        {
            ulong phase = Draw() % 100;
            Span<ulong> rest = words.AsSpan(count);
            count += phase < 60 ? Zipf(rest, pageOfRank) : phase < 80 ? Scan(rest, ref scanCursor) : Loop(rest);
        }

        return words;
    }

    private void WeighRanks()
    {
        ulong total = 0;
        for (int rank = 0; rank < _pages; rank++)
        {
            total += (1UL << 40) / (ulong)(rank + 1);
            _cumulativeWeight[rank] = total;
        }
    }

    /// <summary>Fisher and Yates.</summary>
    private int[] Permute()
    {
        int[] permutation = [.. Enumerable.Range(0, _pages)];
        for (int i = _pages - 1; i > 0; i--)
        {
            int j = (int)(Draw() % (ulong)(i + 1));
            (permutation[i], permutation[j]) = (permutation[j], permutation[i]);
        }

        return permutation;
    }

    private int Zipf(Span<ulong> rest, int[] pageOfRank)
    {
        int length = (int)Math.Min((ulong)rest.Length, 1000 + (Draw() % 4000));
        ulong total = _cumulativeWeight[^1];
        for (int i = 0; i < length; i++)
        {
            rest[i] = Reference(pageOfRank[RankAbove(Draw() % total)]);
        }

        return length;
    }

    private int Scan(Span<ulong> rest, ref int cursor)
    {
        int length = (int)Math.Min((ulong)rest.Length, 200 + (Draw() % (ulong)(_pages / 50)));
        for (int i = 0; i < length; i++)
        {
            rest[i] = Reference(cursor);
            cursor = (cursor + 1) % _pages;
        }

        return length;
    }

    private int Loop(Span<ulong> rest)
    {
        int[] sizes = [(_pages / 3000) + 2, (_pages / 400) + 2, (_pages / 50) + 2, (_pages / 10) + 2];
        int size = sizes[Draw() % 4];
        int start = (int)(Draw() % (ulong)_pages);
        int length = (int)Math.Min((ulong)rest.Length, (ulong)size * (2 + (Draw() % 6)));
        for (int i = 0; i < length; i++)
        {
            rest[i] = Reference((start + (i % size)) % _pages);
        }

        return length;
    }

    /// <summary>The first rank whose cumulative weight is above <paramref name="value"/>.</summary>
    private int RankAbove(ulong value)
    {
        int low = 0;
        int high = _pages;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _cumulativeWeight[middle] > value ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private ulong Reference(int page)
    {
        ulong draw = Draw();
        ulong store = ((draw >> 32) % 10) < 3 ? 1UL : 0;
        return new PageNumber(VirtualPage(page)).Address.Value | ((draw % 512) << 3) | store;
    }

    /// <summary>5 % of the pages are text, 50 % heap, 40 % mappings, 5 % stack, which grows down.</summary>
    private ulong VirtualPage(int page)
    {
        int heap = _pages / 20;
        int mapping = 11 * _pages / 20;
        int stack = 19 * _pages / 20;
        return page < heap ? TextPage + (ulong)page
            : page < mapping ? HeapPage + (ulong)(page - heap)
            : page < stack ? MappingPage + (ulong)(page - mapping)
            : StackTopPage - 1 - (ulong)(page - stack);
    }

    private ulong Draw() => _random.Next();
}
