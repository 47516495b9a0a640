namespace BsdVm.Tests.Tlbs;

/// <summary>A TLB as its description reads: a list of ways a set and a clock. The oracle for the fast ones.</summary>
internal sealed class NaiveTlb(TlbGeometry geometry, TlbReplacement replacement)
{
    private readonly List<Way>[] _sets = MakeSets(geometry);
    private long _clock;

    public ulong Lookup(ulong key, bool onlyGlobal = false)
    {
        Way? way = Find(key);
        if (way is null || way.Translation == 0 || (onlyGlobal && !way.IsGlobal))
        {
            return 0;
        }

        Use(way);
        return way.Translation;
    }

    public void Fill(ulong key, ulong translation)
    {
        Way? way = Find(key);
        if (way is null)
        {
            way = Choose(key);
            way.HasKey = true;
            way.Key = key;
            way.Filled = ++_clock;
        }

        way.Translation = translation;
        Use(way);
    }

    public bool TryUpgrade(ulong key, ulong translation)
    {
        Way? way = Find(key);
        if (way is not null)
        {
            way.Translation = translation;
        }

        return way is not null;
    }

    public void Invalidate(ulong key, bool onlyGlobal = false)
    {
        Way? way = Find(key);
        if (way is not null && (!onlyGlobal || way.IsGlobal))
        {
            way.Translation = 0;
        }
    }

    public void Flush(bool keepGlobal)
    {
        foreach (Way way in _sets.SelectMany(set => set))
        {
            if (!keepGlobal)
            {
                way.Node.Clear();
            }

            if (!keepGlobal || !way.IsGlobal)
            {
                way.HasKey = false;
                way.Translation = 0;
            }
        }
    }

    public IEnumerable<TlbEntry> Entries =>
        _sets.SelectMany(set => set).Where(way => way.Translation != 0)
            .Select(way => new TlbEntry(new(PageSize.Base.RoundDown(way.Key)), (uint)(PageSize.Base.OffsetIn(way.Key)), way.Translation));

    private static List<Way>[] MakeSets(TlbGeometry geometry) =>
        [.. Enumerable.Range(0, geometry.Sets).Select(_ =>
        {
            var bits = new Dictionary<int, bool>();
            return Enumerable.Range(0, geometry.Ways).Select(number => new Way(number, bits)).ToList();
        })];

    private List<Way> SetOf(ulong key) => _sets[new VirtualAddress(key).Page.Value % (ulong)_sets.Length];

    private Way? Find(ulong key) => SetOf(key).Find(way => way.HasKey && way.Key == key);

    private void Use(Way way)
    {
        way.Used = ++_clock;

        // The path from the root by halving the range of ways; each node remembers whether the other half is the upper one.
        int low = 0;
        int high = geometry.Ways;
        for (int node = 1; high - low > 1;)
        {
            int middle = (low + high) / 2;
            bool upper = way.Number >= middle;
            way.Node[node] = !upper;
            (low, high, node) = upper ? (middle, high, (2 * node) + 1) : (low, middle, 2 * node);
        }
    }

    private Way Choose(ulong key)
    {
        List<Way> set = SetOf(key);
        return set.Find(way => !way.HasKey) ?? set.Find(way => way.Translation == 0) ?? replacement switch
        {
            TlbReplacement.Lru => set.MinBy(way => way.Used)!,
            TlbReplacement.Fifo => set.MinBy(way => way.Filled)!,
            TlbReplacement.Plru => FollowTree(set),
            _ => throw new NotSupportedException(),
        };
    }

    private static Way FollowTree(List<Way> set)
    {
        int low = 0;
        int high = set.Count;
        for (int node = 1; high - low > 1;)
        {
            int middle = (low + high) / 2;
            (low, high, node) = set[0].Node.GetValueOrDefault(node) ? (middle, high, (2 * node) + 1) : (low, middle, 2 * node);
        }

        return set[low];
    }

    private sealed class Way(int number, Dictionary<int, bool> node)
    {
        public int Number => number;

        public Dictionary<int, bool> Node => node;

        public bool HasKey { get; set; }

        public ulong Key { get; set; }

        public ulong Translation { get; set; }

        public long Used { get; set; }

        public long Filled { get; set; }

        public bool IsGlobal => (Translation & (ulong)TlbFlags.Global) != 0;
    }
}
