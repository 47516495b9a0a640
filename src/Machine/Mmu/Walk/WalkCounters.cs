namespace BsdVm;

/// <summary>Events of table walks, counted where they happen.</summary>
public sealed class WalkCounters
{
    private readonly long[] _histogram = new long[64];

    /// <summary>Walks that were made, those that ended in a fault included.</summary>
    public long Walks { get; private set; }

    /// <summary>Loads of table entries by all walks.</summary>
    public long References { get; private set; }

    /// <summary>References of the latest walk.</summary>
    public int LastReferences { get; private set; }

    /// <summary>How many walks made 0, 1, 2, ... references; the last slot holds all longer ones.</summary>
    public ReadOnlySpan<long> Histogram => _histogram;

    /// <summary>Counts one walk of <paramref name="references"/> loads.</summary>
    public void Count(int references)
    {
        Walks++;
        References += references;
        LastReferences = references;
        _histogram[Math.Min(references, _histogram.Length - 1)]++;
    }

    /// <summary>Forgets everything counted.</summary>
    public void Reset()
    {
        Walks = 0;
        References = 0;
        Array.Clear(_histogram);
    }
}
