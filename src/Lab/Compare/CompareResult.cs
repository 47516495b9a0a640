namespace BsdVm.Lab;

/// <summary>What a comparison found, a run a trace. <see cref="CompareReport"/> writes it.</summary>
/// <param name="Runs">One a trace, in order.</param>
/// <param name="CostModel">The prices that cycles were computed with.</param>
public sealed record CompareResult(IReadOnlyList<CompareRun> Runs, CostModel CostModel);

/// <summary>One trace through all chosen structures.</summary>
/// <param name="Trace">What the program did.</param>
/// <param name="Tlb">What the TLBs did.</param>
/// <param name="Faults">How faults ended.</param>
/// <param name="Frames">
/// Physical frames that tables are sized for, and the buckets of hashed ones: the power of two at or above twice the distinct pages.
/// </param>
/// <param name="Structures">What each table structure cost.</param>
/// <param name="Time">What the host needed; the only part that is not the same each time.</param>
public sealed record CompareRun(
    TraceSummary Trace, TlbSummary Tlb, FaultSummary Faults, int Frames, IReadOnlyList<StructureSummary> Structures, TimeSummary Time);

/// <summary>What a trace holds and what became of it. An access that straddles a page is one access and two page touches.</summary>
/// <param name="Source">The file.</param>
/// <param name="Sha256">The SHA-256 of the file's bytes.</param>
/// <param name="Accesses">All of them.</param>
/// <param name="InstructionFetches">Fetches.</param>
/// <param name="Loads">Loads.</param>
/// <param name="Stores">Stores.</param>
/// <param name="Modifies">Loads and stores of one place by one instruction.</param>
/// <param name="PageTouches">Pages of accesses, each access's counted.</param>
/// <param name="DistinctPages">Different virtual pages touched.</param>
/// <param name="DistinctPagesWritten">Different virtual pages written.</param>
/// <param name="Unmapped">Accesses to addresses that nothing maps.</param>
/// <param name="ProtectionFaults">Accesses that rights forbid.</param>
/// <param name="StackGrowthPages">Pages that stacks grew by.</param>
/// <param name="MappedPagesAtEnd">
/// Mapped pages of all living processes after the last event; the distinct pages where memory is demand-zero wherever touched.
/// </param>
/// <param name="Calls">How many calls of each name were performed.</param>
/// <param name="CallMismatches">Calls whose result on the model was not the recorded one.</param>
public sealed record TraceSummary(
    string Source, string Sha256, long Accesses, long InstructionFetches, long Loads, long Stores, long Modifies, long PageTouches,
    long DistinctPages, long DistinctPagesWritten, long Unmapped, long ProtectionFaults, long StackGrowthPages, long MappedPagesAtEnd,
    IReadOnlyDictionary<string, long> Calls, long CallMismatches)
{
    /// <summary>Lines of superblocks that were passed over.</summary>
    public long Superblocks { get; init; }

    /// <summary>The logs of children whose accesses and calls are in the figures; null without any.</summary>
    public IReadOnlyList<ChildSummary>? Children { get; init; }
}

/// <summary>The log of a forked child, part of a run.</summary>
/// <param name="Source">The file.</param>
/// <param name="Sha256">The SHA-256 of its bytes.</param>
/// <param name="Accesses">Its accesses.</param>
public sealed record ChildSummary(string Source, string Sha256, long Accesses);

/// <summary>What the TLBs did. Only the page of an access's first byte is looked up; a restarted access is not looked up again.</summary>
/// <param name="Spec">The geometry.</param>
/// <param name="L1iMisses">Fetches that missed the first level.</param>
/// <param name="L1dMisses">Loads and stores that missed the first level.</param>
/// <param name="L2Misses">Of those, the ones that missed the second level too.</param>
/// <param name="Walks">Walks that a miss asked for: equal to <paramref name="L2Misses"/>.</param>
/// <param name="MissesByPageSize">The walks that found a translation, by the size of its page.</param>
/// <param name="ReachBytes">What the entries of the last level covered at the end.</param>
public sealed record TlbSummary(
    string Spec, long L1iMisses, long L1dMisses, long L2Misses, long Walks, IReadOnlyDictionary<string, long> MissesByPageSize,
    long ReachBytes);

/// <summary>How faults ended.</summary>
/// <param name="ZeroFill">In a fresh page of zeros.</param>
/// <param name="ReadZero">With the shared page of zeros.</param>
/// <param name="CopyOnWrite">With a copy.</param>
/// <param name="PageIn">With a page from a file.</param>
/// <param name="Other">With a resident page mapped again, or refused.</param>
public sealed record FaultSummary(long ZeroFill, long ReadZero, long CopyOnWrite, long PageIn, long Other);

/// <summary>What one table structure cost. Counts of walks are of those that a TLB miss asked for, unless they say otherwise.</summary>
public sealed record StructureSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether each distinct 4 MB region was moved to the next free one to fit its addresses.</summary>
    public required bool Folded { get; init; }

    /// <summary>The most bytes its tables ever took: nodes, entries and bucket heads in use.</summary>
    public required long TableBytesPeak { get; init; }

    /// <summary>Bytes of its tables after the last event.</summary>
    public required long TableBytesEnd { get; init; }

    /// <summary>Of those, heads of hash buckets; 0 for trees.</summary>
    public required long HeadBytes { get; init; }

    /// <summary>Frames that they occupied at the peak.</summary>
    public required long TableFrames { get; init; }

    /// <summary>Bytes at the end by level, the root first; empty where there are none.</summary>
    public required IReadOnlyList<long> BytesByLevel { get; init; }

    /// <summary>Peak bytes by pages mapped in the tables at that moment.</summary>
    public required double BytesPerMappedPage { get; init; }

    /// <summary>
    /// Peak bytes by those of a hashed table for the same pages: 24 bytes a page and 8 a bucket, as many buckets as frames.
    /// </summary>
    public required double RatioToHashed { get; init; }

    /// <summary>Peak bytes by those of a radix tree of four levels of 512 entries for the pages touched.</summary>
    public required double RatioToRadix { get; init; }

    /// <summary>Walks.</summary>
    public required long Walks { get; init; }

    /// <summary>Loads of entries by them.</summary>
    public required long References { get; init; }

    /// <summary>Their mean.</summary>
    public required double ReferencesPerWalk { get; init; }

    /// <summary>What 95 % of the walks do not exceed.</summary>
    public required int ReferencesP95 { get; init; }

    /// <summary>The longest walk.</summary>
    public required int ReferencesMax { get; init; }

    /// <summary>Loads that had to wait for the one before.</summary>
    public required long Steps { get; init; }

    /// <summary>Loads that a step made at once, beyond the first.</summary>
    public required long Probes { get; init; }

    /// <summary>Instructions of the refill handler; 0 where hardware walks.</summary>
    public required long HandlerInstructions { get; init; }

    /// <summary>Distinct cache lines of each walk, summed, by line size in bytes.</summary>
    public required IReadOnlyDictionary<string, long> Lines { get; init; }

    /// <summary>Walks by their number of references; 255 stands for all longer ones.</summary>
    public required IReadOnlyDictionary<string, long> Histogram { get; init; }

    /// <summary>
    /// Walks that began at an entry of the walker's caches of upper levels, the lowest level first; empty without such caches.
    /// </summary>
    public required IReadOnlyList<long> WalkCacheHits { get; init; }

    /// <summary>Walks by the size of the page that they found in this structure.</summary>
    public required IReadOnlyDictionary<string, long> MissesByPageSize { get; init; }

    /// <summary>Walks for rights or a modified bit with a translation at hand; not in <see cref="Walks"/>.</summary>
    public required long Rewalks { get; init; }

    /// <summary>Walks that ended in a fault; not in <see cref="Walks"/>.</summary>
    public required long FaultingWalks { get; init; }

    /// <summary>Stores that trapped so that software could record them, on structures whose hardware does not.</summary>
    public required long ModifyTraps { get; init; }

    /// <summary>Buckets or slots of a hash table.</summary>
    public required long Buckets { get; init; }

    /// <summary>Entries in them at the end.</summary>
    public required long Entries { get; init; }

    /// <summary>Entries by buckets.</summary>
    public required double LoadFactor { get; init; }

    /// <summary>Buckets by the length of their chain at the end, from 0.</summary>
    public required IReadOnlyList<long> ChainHistogram { get; init; }

    /// <summary>Entries of a hash table that were moved.</summary>
    public required long MovedEntries { get; init; }

    /// <summary>How often a hash table was made larger or smaller.</summary>
    public required long Resizes { get; init; }

    /// <summary>What the kernel did to the tables.</summary>
    public required IReadOnlyDictionary<string, OperationSummary> Operations { get; init; }

    /// <summary>Cycles of walks and operations by the cost model.</summary>
    public required double Cycles { get; init; }
}

/// <summary>One kind of change of the tables.</summary>
/// <param name="Count">How often.</param>
/// <param name="References">Loads and stores of table entries for it.</param>
/// <param name="Invalidations">TLB invalidations it owed.</param>
public sealed record OperationSummary(long Count, long References, long Invalidations);

/// <summary>What the host needed.</summary>
/// <param name="ParseSeconds">Waiting for the trace, which is read ahead on another thread.</param>
/// <param name="SimulateSeconds">All the rest.</param>
/// <param name="AccessesPerSecond">Accesses by both together.</param>
public sealed record TimeSummary(double ParseSeconds, double SimulateSeconds, double AccessesPerSecond);
