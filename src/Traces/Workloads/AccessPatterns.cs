namespace BsdVm.Traces;

/// <summary>
/// The addresses of the synthetic workloads, without end. All draws come from splitmix64, so that they can be made again anywhere.
/// </summary>
internal static class AccessPatterns
{
    private const ulong CacheLineBytes = 64;

    /// <summary>Through all pages, a cache line further each time, and again.</summary>
    public static IEnumerable<ulong> Sequential(WorkloadParameters parameters)
    {
        ulong step = parameters.Step == 0 ? CacheLineBytes : parameters.Step;
        ulong bytes = parameters.Pages * PageSize.BaseBytes;
        for (ulong at = 0; ; at = (at + step) % bytes)
        {
            yield return parameters.Base + at;
        }
    }

    /// <summary>As many places as pages, 64 KB apart, and again.</summary>
    public static IEnumerable<ulong> Strided(WorkloadParameters parameters)
    {
        ulong step = parameters.Step == 0 ? 65536 : parameters.Step;
        for (ulong place = 0; ; place = (place + 1) % parameters.Pages)
        {
            yield return parameters.Base + (place * step);
        }
    }

    /// <summary>Every page equally likely.</summary>
    public static IEnumerable<ulong> Uniform(WorkloadParameters parameters)
    {
        var random = new SplitMix64(parameters.Seed);
        while (true)
        {
            yield return Page(parameters, random.Below(parameters.Pages));
        }
    }

    /// <summary>
    /// The page of rank r with a probability proportional to r to the power of minus the skew; ranks are dealt out to pages at random.
    /// </summary>
    public static IEnumerable<ulong> Zipf(WorkloadParameters parameters)
    {
        var random = new SplitMix64(parameters.Seed);
        uint[] pageOfRank = Shuffled(parameters.Pages, ref random);
        var cumulative = new double[parameters.Pages];
        double total = 0;
        for (int rank = 0; rank < cumulative.Length; rank++)
        {
            total += Math.Pow(rank + 1, -parameters.Skew);
            cumulative[rank] = total;
        }

        while (true)
        {
            int rank = Array.BinarySearch(cumulative, random.Fraction() * total);
            rank = rank < 0 ? ~rank : rank + 1;
            yield return Page(parameters, pageOfRank[Math.Min(rank, cumulative.Length - 1)]);
        }
    }

    /// <summary>
    /// Runs of neighbouring pages, each at the start of a stretch of which it covers the density; the runs in random order, page by page
    /// through each, and again in the same order.
    /// </summary>
    public static IEnumerable<ulong> Runs(WorkloadParameters parameters)
    {
        var random = new SplitMix64(parameters.Seed);
        ulong stretch = (ulong)Math.Ceiling(parameters.Length / parameters.Density);
        ulong runs = (parameters.Pages + parameters.Length - 1) / parameters.Length;
        uint[] order = Shuffled(runs, ref random);
        while (true)
        {
            foreach (uint run in order)
            {
                ulong length = Math.Min(parameters.Length, parameters.Pages - (run * parameters.Length));
                for (ulong page = 0; page < length; page++)
                {
                    yield return Page(parameters, (run * stretch) + page);
                }
            }
        }
    }

    /// <summary>
    /// A linked list through all pages in random order: one cycle (Sattolo), so that no page comes again before all others came.
    /// </summary>
    public static IEnumerable<ulong> Chase(WorkloadParameters parameters)
    {
        var random = new SplitMix64(parameters.Seed);
        uint[] next = Identity(parameters.Pages);
        for (ulong i = parameters.Pages - 1; i > 0; i--)
        {
            ulong j = random.Below(i);
            (next[i], next[j]) = (next[j], next[i]);
        }

        for (uint page = 0; ; page = next[page])
        {
            yield return Page(parameters, page);
        }
    }

    /// <summary>Page after page, and again: the worst case of LRU where there is one page more than fits.</summary>
    public static IEnumerable<ulong> Loop(WorkloadParameters parameters)
    {
        for (ulong page = 0; ; page = (page + 1) % parameters.Pages)
        {
            yield return Page(parameters, page);
        }
    }

    private static ulong Page(WorkloadParameters parameters, ulong page) => parameters.Base + new PageNumber(page).Address.Value;

    private static uint[] Identity(ulong count)
    {
        var numbers = new uint[count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (uint)i;
        }

        return numbers;
    }

    // Fisher and Yates.
    private static uint[] Shuffled(ulong count, ref SplitMix64 random)
    {
        uint[] numbers = Identity(count);
        for (ulong i = count - 1; i > 0; i--)
        {
            ulong j = random.Below(i + 1);
            (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
        }

        return numbers;
    }
}
