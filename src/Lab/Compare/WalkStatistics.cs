using System.Globalization;
using System.Runtime.CompilerServices;


namespace BsdVm.Lab;

/// <summary>The walks of one structure that a TLB miss asked for, by their costs; other walks are only counted.</summary>
internal sealed class WalkStatistics
{
    private const int Longest = 255;

    private readonly long[] _histogram = new long[Longest + 1];

    // Lines beyond one a reference, by line size; less than none where references share lines.
    private readonly long[] _moreLines = new long[LineRepeats.LineBytes.Length];

    /// <summary>Walks for a miss.</summary>
    public long Walks { get; private set; }

    public long References { get; private set; }

    public long Steps { get; private set; }

    public long Instructions { get; private set; }

    /// <summary>Walks for rights or a modified bit, with a translation at hand.</summary>
    public long Rewalks { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(in WalkCost cost, bool isMiss)
    {
        if (!isMiss)
        {
            Rewalks++;
            return;
        }

        Walks++;
        References += cost.References;
        Steps += cost.Steps;
        Instructions += cost.Instructions;
        _histogram[Math.Min(cost.References, Longest)]++;
        if ((cost.Repeats.Packed | cost.Crossings.Packed) != 0)
        {
            NoteLines(cost);
        }
    }

    /// <summary>Distinct cache lines of all walks, by line size.</summary>
    public Dictionary<string, long> Lines()
    {
        var lines = new Dictionary<string, long>();
        for (int size = 0; size < _moreLines.Length; size++)
        {
            lines.Add(Text(LineRepeats.LineBytes[size]), References + _moreLines[size]);
        }

        return lines;
    }

    /// <summary>Walks by their number of references; the last class holds all longer ones.</summary>
    public Dictionary<string, long> Histogram() => Enumerable.Range(0, Longest + 1).Where(length => _histogram[length] > 0)
        .ToDictionary(static length => Text(length), length => _histogram[length]);

    /// <summary>The least number of references that this part of the walks does not exceed.</summary>
    public int Quantile(double part)
    {
        long seen = 0;
        for (int length = 0; length <= Longest; length++)
        {
            seen += _histogram[length];
            if (seen > 0 && seen >= part * Walks)
            {
                return length;
            }
        }

        return 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void NoteLines(in WalkCost cost)
    {
        for (int size = 0; size < _moreLines.Length; size++)
        {
            _moreLines[size] += cost.Crossings[size] - cost.Repeats[size];
        }
    }
}
