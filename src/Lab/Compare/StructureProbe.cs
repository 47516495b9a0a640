namespace BsdVm.Lab;

/// <summary>Watches one table structure: what walks it serves, what its tables take, what changing them costs.</summary>
internal sealed class StructureProbe(string name, bool isFolded)
{
    private readonly OperationCosts _operations = new();
    private long _peakBytes;
    private long _peakFrames;
    private long _mappedAtPeak;

    private readonly long[] _walksByShift = new long[64];
    private long[] _cacheHits = [];

    public WalkStatistics Walks { get; } = new();

    /// <summary>Walks that ended in a fault.</summary>
    public long FaultingWalks { get; set; }

    /// <summary>Stores that trapped only so that software could record them.</summary>
    public long ModifyTraps { get; set; }

    /// <summary>
    /// A walk was made. Only those that a miss asked for count, and each of them uses one level of the caches at most: a walk that faulted
    /// and was made again has looked twice.
    /// </summary>
    public void NoteWalk(Mmu mmu, bool isMiss)
    {
        Walks.Note(mmu.Walks.Last, isMiss);
        if (isMiss && mmu.WalkCache is { LastLevel: >= 0 } caches)
        {
            if (_cacheHits.Length == 0)
            {
                _cacheHits = new long[caches.LevelCount];
            }

            _cacheHits[caches.LastLevel]++;
        }
    }

    /// <summary>A walk for a miss has found a page of a size.</summary>
    public void NotePage(int pageShift) => _walksByShift[pageShift]++;

    /// <summary>A call of the contract is done: what it cost, and what the tables take now.</summary>
    public void NoteCall(Pmap pmap, in PmapCall call, ReplayPhase phase)
    {
        PmapCounters counters = pmap.Owner.Counters;
        PmapOperationCost? cost = call.Kind switch
        {
            PmapCallKind.Enter => counters.Enter,
            PmapCallKind.Remove => counters.Remove,
            PmapCallKind.Protect => counters.Protect,
            _ => null,
        };
        if (cost is null)
        {
            return;
        }

        _operations.NoteCall(call, phase, cost.LastReferences, cost.LastInvalidations);
        NoteSize(counters);
        if (AsksForEmptyTable(call, phase))
        {
            QueryEmpty(pmap, call.Range.Start);
        }
    }

    public void NoteSize(PmapCounters counters)
    {
        long bytes = counters.TableBytes;
        if (bytes >= _peakBytes)
        {
            long mapped = counters.Enters - counters.Removes;
            _mappedAtPeak = bytes > _peakBytes ? mapped : Math.Max(_mappedAtPeak, mapped);
            _peakBytes = bytes;
        }

        _peakFrames = Math.Max(_peakFrames, counters.TableFrames);
    }

    public void NotePhase(ReplayPhase phase) => _operations.NotePhase(phase);

    // A kernel would now want to know if a table has become empty: after a program unmapped several pages.
    private static bool AsksForEmptyTable(in PmapCall call, ReplayPhase phase) =>
        phase == ReplayPhase.Running && call.Kind == PmapCallKind.Remove && call.Range.PageCount > 1;

    // Whether the aligned 2 MB around a removed range are empty.
    private void QueryEmpty(Pmap pmap, VirtualAddress address)
    {
        var size = new PageSize(21);
        long before = pmap.Owner.Counters.TableReferences;
        var region = new AddressRange(address.RoundDown(size), size.Bytes);
        if (pmap.KeepsOrder)
        {
            _ = pmap.Mappings(region).Any();
        }
        else
        {
            AskForEachPage(pmap, region);
        }

        _operations.NoteQuery(pmap.Owner.Counters.TableReferences - before);
    }

    public StructureSummary Summarize(
        PmapCounters counters, IEnumerable<Pmap> pmaps, WalkCache? caches, int frames, long radixBytes, CostModel cost)
    {
        NoteSize(counters);
        PmapTableUse? use = UseOf(pmaps);
        Dictionary<string, OperationSummary> operations = _operations.Summarize();
        return new StructureSummary
        {
            Name = name,
            Folded = isFolded,
            TableBytesPeak = _peakBytes,
            TableBytesEnd = counters.TableBytes,
            HeadBytes = use?.HeadBytes ?? 0,
            TableFrames = _peakFrames,
            BytesByLevel = use?.BytesByLevel ?? [],
            BytesPerMappedPage = Ratio(_peakBytes, _mappedAtPeak),
            RatioToHashed = Ratio(_peakBytes, (24 * _mappedAtPeak) + (8L * frames)),
            RatioToRadix = Ratio(_peakBytes, radixBytes),
            Walks = Walks.Walks,
            References = Walks.References,
            ReferencesPerWalk = Ratio(Walks.References, Walks.Walks),
            ReferencesP95 = Walks.Quantile(0.95),
            ReferencesMax = Walks.Quantile(1),
            Steps = Walks.Steps,
            Probes = Walks.References - Walks.Steps,
            HandlerInstructions = Walks.Instructions,
            Lines = Walks.Lines(),
            Histogram = Walks.Histogram(),
            WalkCacheHits = caches is null ? [] : _cacheHits.Length > 0 ? _cacheHits : new long[caches.LevelCount],
            MissesByPageSize = BySize(_walksByShift),
            Rewalks = Walks.Rewalks,
            FaultingWalks = FaultingWalks,
            ModifyTraps = ModifyTraps,
            Buckets = use?.Buckets ?? 0,
            Entries = use?.Entries ?? 0,
            LoadFactor = Ratio(use?.Entries ?? 0, use?.Buckets ?? 0),
            ChainHistogram = use?.ChainHistogram ?? [],
            MovedEntries = use?.Moved ?? 0,
            Resizes = use?.Resizes ?? 0,
            Operations = operations,
            Cycles = cost.CyclesOf(Walks, ModifyTraps, operations.Values),
        };
    }

    /// <summary>Counts by the names of page sizes, those that occurred.</summary>
    public static Dictionary<string, long> BySize(long[] countByShift) => Enumerable.Range(0, countByShift.Length)
        .Where(shift => countByShift[shift] > 0)
        .ToDictionary(static shift => new PageSize(shift).ToString().ToLowerInvariant(), shift => countByShift[shift]);

    // Trees are one a process; a table that all processes share is described by any of them.
    private static PmapTableUse? UseOf(IEnumerable<Pmap> pmaps)
    {
        PmapTableUse? all = null;
        foreach (Pmap pmap in pmaps)
        {
            PmapTableUse use = pmap.TableUse;
            all = all is null || pmap.Owner.Backend.Capabilities.SizedByFrames ? use : all.And(use);
        }

        return all;
    }

    private static void AskForEachPage(Pmap pmap, AddressRange region)
    {
        for (ulong page = 0; page < region.PageCount; page++)
        {
            if (pmap.TryExtract(region.Start + (page * PageSize.BaseBytes), out _))
            {
                return;
            }
        }
    }

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}
