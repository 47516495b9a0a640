namespace BsdVm;

/// <summary>What one kind of operation of all pmaps cost so far.</summary>
public sealed class PmapOperationCost
{
    private long _references;
    private long _invalidations;

    /// <summary>Operations.</summary>
    public long Count { get; private set; }

    /// <summary>Loads and stores of table entries for them.</summary>
    public long References { get; private set; }

    /// <summary>Invalidations owed for them.</summary>
    public long Invalidations { get; private set; }

    /// <summary>Loads and stores of table entries for the latest operation.</summary>
    public long LastReferences { get; private set; }

    /// <summary>Invalidations owed for the latest operation.</summary>
    public long LastInvalidations { get; private set; }

    /// <param name="counters">Where references and invalidations are counted.</param>
    /// <param name="references">Those made for the operation before.</param>
    internal void Begin(PmapCounters counters, long references = 0)
    {
        Count++;
        _references = counters.TableReferences - references;
        _invalidations = counters.OwedInvalidations;
    }

    internal void End(PmapCounters counters)
    {
        LastReferences = counters.TableReferences - _references;
        LastInvalidations = counters.OwedInvalidations - _invalidations;
        References += LastReferences;
        Invalidations += LastInvalidations;
    }
}
