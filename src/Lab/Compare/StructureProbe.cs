using System.Globalization;
using System.Numerics;

namespace BsdVm.Lab;

/// <summary>Watches one table structure: what walks it serves, what its tables take.</summary>
internal sealed class StructureProbe
{
    private readonly long[] _histogram = new long[64];
    private readonly PmapSystem _pmaps;
    private readonly Mmu _mmu;
    private readonly bool _isFolded;
    private long _mapped;
    private long _peakFrames;
    private long _mappedAtPeak;
    private long _rewalks;

    public StructureProbe(PmapSystem pmaps, Mmu mmu, bool isFolded)
    {
        _pmaps = pmaps;
        _mmu = mmu;
        _isFolded = isFolded;
    }

    public string Name => _pmaps.Backend.Name;

    public long PeakBytes => _peakFrames << PageSize.Base.Shift;

    /// <summary>An access was translated by a walk of this structure.</summary>
    public void NoteWalk(bool isMiss)
    {
        if (isMiss)
        {
            _histogram[_mmu.Walks.LastReferences]++;
        }
        else
        {
            _rewalks++;
        }
    }

    public void NoteMapped(int change)
    {
        _mapped += change;
        if (_pmaps.Counters.TableFrames >= _peakFrames)
        {
            _mappedAtPeak = _pmaps.Counters.TableFrames > _peakFrames ? _mapped : Math.Max(_mappedAtPeak, _mapped);
            _peakFrames = _pmaps.Counters.TableFrames;
        }
    }

    public StructureSummary Summarize(long distinctPages, long radixBytes, CostModel cost)
    {
        long walks = _histogram.Sum();
        long references = _histogram.Select(static (count, length) => count * length).Sum();
        double buckets = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, 2 * distinctPages));
        var operations = new Dictionary<string, OperationSummary>
        {
            ["enter"] = Summarize(_pmaps.Counters.Enter),
            ["remove"] = Summarize(_pmaps.Counters.Remove),
            ["protect"] = Summarize(_pmaps.Counters.Protect),
        };
        double cycles = (walks * cost.WalkCycles) + (references * cost.EntryReferenceCycles)
            + operations.Values.Sum(operation => (operation.References * cost.EntryReferenceCycles) + (operation.Invalidations * cost.InvalidationCycles));
        return new StructureSummary(
            Name, _isFolded, PeakBytes, _pmaps.Counters.TableFrames << PageSize.Base.Shift, HeadBytes: 0, _peakFrames,
            Ratio(PeakBytes, _mappedAtPeak), Ratio(PeakBytes, (24 * _mappedAtPeak) + (8 * buckets)), Ratio(PeakBytes, radixBytes),
            walks, references, Ratio(references, walks), Steps: references, Probes: 0, Lines(references), Histogram(), _rewalks,
            _mmu.Walks.Walks - walks - _rewalks, operations, cycles);
    }

    private static OperationSummary Summarize(PmapOperationCost cost) => new(cost.Count, cost.References, cost.Invalidations);

    // Each level's entry lies in another table, at least a frame away: as many lines as references, whatever their size.
    private static Dictionary<string, long> Lines(long references) =>
        new() { ["32"] = references, ["64"] = references, ["128"] = references, ["256"] = references };

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;

    private Dictionary<string, long> Histogram() =>
        _histogram.Select(static (count, length) => (count, length)).Where(static row => row.count > 0)
            .ToDictionary(static row => row.length.ToString(CultureInfo.InvariantCulture), static row => row.count);
}
