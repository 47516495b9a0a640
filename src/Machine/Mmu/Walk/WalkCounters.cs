namespace BsdVm;

/// <summary>What one walk cost.</summary>
/// <param name="References">Loads of table entries.</param>
/// <param name="Steps">Loads that had to wait for the one before; references beyond them were made at once (cuckoo ways).</param>
/// <param name="Repeats">References into a cache line that the walk had touched before, by line size.</param>
/// <param name="Instructions">Instructions of a refill handler; 0 for hardware.</param>
/// <param name="Crossings">Entries of which the walk read words in a second cache line, by line size.</param>
public readonly record struct WalkCost(
    int References, int Steps, LineRepeats Repeats = default, int Instructions = 0, LineRepeats Crossings = default)
{
    /// <summary>
    /// Distinct cache lines that the walk touched, for the line size of that number in <see cref="LineRepeats.LineBytes"/>.
    /// </summary>
    public int Lines(int size) => References - Repeats[size] + Crossings[size];

    /// <summary>References beyond the steps.</summary>
    public int Probes => References - Steps;
}

/// <summary>Counts for cache lines of 32, 64, 128 and 256 bytes, 16 bits each.</summary>
/// <param name="Packed">The counts, smallest lines in the lowest bits.</param>
public readonly record struct LineRepeats(ulong Packed)
{
    /// <summary>The line sizes, in bytes.</summary>
    public static ReadOnlySpan<int> LineBytes => [32, 64, 128, 256];

    /// <summary>The count for the line size of that number, 0 to 3.</summary>
    public int this[int size] => (int)(Packed >> (16 * size)) & 0xFFFF;

    /// <summary>
    /// The counts with one more reference to <paramref name="address"/>, after those to <paramref name="before"/> and, packed, what they
    /// counted.
    /// </summary>
    public LineRepeats And(ulong address, ReadOnlySpan<ulong> before)
    {
        // The highest bit in which two addresses differ tells for all sizes at once whether they share a line.
        ulong nearest = ulong.MaxValue;
        foreach (ulong other in before)
        {
            nearest = Math.Min(nearest, address ^ other);
        }

        ulong added = nearest switch
        {
            < 32 => 0x0001_0001_0001_0001,
            < 64 => 0x0001_0001_0001_0000,
            < 128 => 0x0001_0001_0000_0000,
            < 256 => 0x0001_0000_0000_0000,
            _ => 0,
        };
        return new(Packed + added);
    }
}

/// <summary>Events of table walks, counted where they happen.</summary>
public sealed class WalkCounters
{
    private readonly long[] _histogram = new long[64];

    /// <summary>Walks that were made, those that ended in a fault included.</summary>
    public long Walks { get; private set; }

    /// <summary>Loads of table entries by all walks.</summary>
    public long References { get; private set; }

    /// <summary>The latest walk.</summary>
    public WalkCost Last { get; private set; }

    /// <summary>References of the latest walk.</summary>
    public int LastReferences => Last.References;

    /// <summary>How many walks made 0, 1, 2, ... references; the last slot holds all longer ones.</summary>
    public ReadOnlySpan<long> Histogram => _histogram;

    /// <summary>Counts one walk of <paramref name="references"/> loads, each after the one before and in a cache line of its own.</summary>
    public void Count(int references) => Count(new WalkCost(references, references));

    /// <summary>Counts one walk.</summary>
    public void Count(in WalkCost cost)
    {
        Walks++;
        References += cost.References;
        Last = cost;
        _histogram[Math.Min(cost.References, _histogram.Length - 1)]++;
    }

    /// <summary>Forgets everything counted.</summary>
    public void Reset()
    {
        Walks = 0;
        References = 0;
        Last = default;
        Array.Clear(_histogram);
    }
}
