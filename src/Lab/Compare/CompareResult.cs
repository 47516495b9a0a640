namespace BsdVm.Lab;

/// <summary>What a comparison found, a run a trace. The names are those of the command line's JSON.</summary>
/// <param name="Runs">One a trace, in order.</param>
/// <param name="CostModel">The prices that cycles were computed with.</param>
public sealed record CompareResult(IReadOnlyList<CompareRun> Runs, CostModel CostModel);

/// <summary>One trace through all chosen structures.</summary>
/// <param name="Trace">What the program did.</param>
/// <param name="Tlb">What the TLBs did.</param>
/// <param name="Faults">How faults ended.</param>
/// <param name="Structures">What each table structure cost.</param>
/// <param name="Time">What the host needed; the only part that is not the same each time.</param>
public sealed record CompareRun(
    TraceSummary Trace, TlbSummary Tlb, FaultSummary Faults, IReadOnlyList<StructureSummary> Structures, TimeSummary Time);

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
/// <param name="MappedPagesAtEnd">Mapped pages of all living processes after the last event; the distinct pages where memory is demand-zero wherever touched.</param>
/// <param name="Calls">How many calls of each name were performed.</param>
/// <param name="CallMismatches">Calls whose result on the model was not the recorded one.</param>
public sealed record TraceSummary(
    string Source, string Sha256, long Accesses, long InstructionFetches, long Loads, long Stores, long Modifies, long PageTouches,
    long DistinctPages, long DistinctPagesWritten, long Unmapped, long ProtectionFaults, long StackGrowthPages, long MappedPagesAtEnd,
    IReadOnlyDictionary<string, long> Calls, long CallMismatches);

/// <summary>What the TLBs did. Only the page of an access's first byte is looked up; a restarted access is not looked up again.</summary>
/// <param name="Spec">The geometry.</param>
/// <param name="L1iMisses">Fetches that missed the first level.</param>
/// <param name="L1dMisses">Loads and stores that missed the first level.</param>
/// <param name="L2Misses">Of those, the ones that missed the second level too.</param>
/// <param name="Walks">Walks that a miss asked for: equal to <paramref name="L2Misses"/>.</param>
public sealed record TlbSummary(string Spec, long L1iMisses, long L1dMisses, long L2Misses, long Walks);

/// <summary>How faults ended.</summary>
/// <param name="ZeroFill">In a fresh page of zeros.</param>
/// <param name="ReadZero">With the shared page of zeros.</param>
/// <param name="CopyOnWrite">With a copy.</param>
/// <param name="PageIn">With a page from a file.</param>
/// <param name="Other">With a resident page mapped again, or refused.</param>
public sealed record FaultSummary(long ZeroFill, long ReadZero, long CopyOnWrite, long PageIn, long Other);

/// <summary>What one table structure cost.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folded">Whether each distinct 4 MB region was moved to the next free one to fit its addresses.</param>
/// <param name="TableBytesPeak">The most bytes its tables ever took.</param>
/// <param name="TableBytesEnd">Bytes of its tables after the last event.</param>
/// <param name="HeadBytes">Of those, heads of hash buckets; 0 for trees.</param>
/// <param name="TableFrames">Frames that they occupied at the peak.</param>
/// <param name="BytesPerMappedPage">Peak bytes by pages mapped in the tables at that moment.</param>
/// <param name="RatioToHashed">Peak bytes by those of a hashed table: 24 bytes a page and 8 a bucket, as many buckets as the power of two at or above twice the distinct pages.</param>
/// <param name="RatioToRadix">Peak bytes by those of the x86-64 radix tree for the same pages.</param>
/// <param name="Walks">Walks that a TLB miss asked for.</param>
/// <param name="References">Loads of entries by those walks.</param>
/// <param name="ReferencesPerWalk">Their mean.</param>
/// <param name="Steps">Loads that had to wait for the one before.</param>
/// <param name="Probes">Loads that a step made at once, beyond the first.</param>
/// <param name="Lines">Distinct cache lines of those walks by line size in bytes.</param>
/// <param name="Histogram">Walks by their number of references.</param>
/// <param name="Rewalks">Walks for rights or a modified bit with a translation at hand, and restarts after faults; not in <paramref name="Walks"/>.</param>
/// <param name="FaultingWalks">Walks that ended in a fault; not in <paramref name="Walks"/>.</param>
/// <param name="Operations">What the kernel did to the tables.</param>
/// <param name="Cycles">Cycles of walks and operations by the cost model.</param>
public sealed record StructureSummary(
    string Name, bool Folded, long TableBytesPeak, long TableBytesEnd, long HeadBytes, long TableFrames, double BytesPerMappedPage,
    double RatioToHashed, double RatioToRadix, long Walks, long References, double ReferencesPerWalk, long Steps, long Probes,
    IReadOnlyDictionary<string, long> Lines, IReadOnlyDictionary<string, long> Histogram, long Rewalks, long FaultingWalks,
    IReadOnlyDictionary<string, OperationSummary> Operations, double Cycles);

/// <summary>One kind of change of the tables.</summary>
/// <param name="Count">How often.</param>
/// <param name="References">Loads and stores of table entries for it.</param>
/// <param name="Invalidations">TLB invalidations it owed.</param>
public sealed record OperationSummary(long Count, long References, long Invalidations);

/// <summary>What the host needed.</summary>
/// <param name="ParseSeconds">Reading the trace.</param>
/// <param name="SimulateSeconds">All the rest.</param>
/// <param name="AccessesPerSecond">Accesses by both together.</param>
public sealed record TimeSummary(double ParseSeconds, double SimulateSeconds, double AccessesPerSecond);
