using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Tests.Mips;

/// <summary>Pages side by side. A set of pages is a sequence of runs, so that a failing one is shortened run by run.</summary>
public readonly record struct PageRun(ulong First, int Count)
{
    private const int HalfBits = 18;
    private const int MostRuns = 400;
    private const int LongestRun = 40;

    /// <summary>Runs anywhere in 36 bits of page numbers, a third of them of more than one page.</summary>
    public static Arbitrary<Steps<PageRun>> Runs => Steps.Of(
        from high in Gen.Choose(0, (1 << HalfBits) - 1)
        from low in Gen.Choose(0, (1 << HalfBits) - 1)
        from length in Gen.Choose(-2 * LongestRun, LongestRun)
        select new PageRun(((ulong)high << HalfBits) | (uint)low, Math.Max(1, length)), MostRuns);

    /// <summary>The pages, each once, in the order of the runs; close together if they shall lie in the low 12 bits.</summary>
    public static List<ulong> PagesOf(Steps<PageRun> runs, bool isDense)
    {
        ulong mask = isDense ? (1UL << 12) - 1 : (1UL << (2 * HalfBits)) - 1;
        return
        [
            .. runs.Items.SelectMany(static run => Enumerable.Range(0, run.Count).Select(page => run.First + (ulong)page))
                .Select(page => page & mask).Distinct(),
        ];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Count} from page 0x{First:x}";
}
