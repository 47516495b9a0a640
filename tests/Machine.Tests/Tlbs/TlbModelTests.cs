using System.Collections.Immutable;
using BsdVm.Conformance;
using FsCheck;

namespace BsdVm.Tests.Tlbs;

/// <summary>The fast TLBs against the naive ones: same answers, same contents, whatever is done to them.</summary>
public class TlbModelTests
{
    private static readonly ImmutableArray<(string Shape, int Pages)> ExactShapes =
    [
        ("l1=64x64,l2=1536x12", 2400), ("l1=64x64,l2=0x0", 90), ("l1=4x1,l2=48x3", 70), ("l1i=3x1,l1d=5x5,l2=35x7", 50),
        ("l1=8x8,l2=32x16", 48), ("l1=16x4,l2=72x18", 100), ("l1=17x17,l2=96x32", 130), ("l1=1x1,l2=2x1", 5),
    ];

    private static readonly ImmutableArray<(string Shape, int Pages)> TreeShapes =
        [("l1=64x64,l2=1536x4", 2400), ("l1=4x1,l2=48x16", 70), ("l1=8x2,l2=96x32", 130)];

    [Property(10, Arbitrary = [typeof(TlbStep)])]
    public void LruGivesTheNaiveAnswers(Steps<TlbStep> steps) => Compare(ExactShapes, "lru", steps);

    [Property(10, Arbitrary = [typeof(TlbStep)])]
    public void FifoGivesTheNaiveAnswers(Steps<TlbStep> steps) => Compare(ExactShapes, "fifo", steps);

    [Property(10, Arbitrary = [typeof(TlbStep)])]
    public void TreePseudoLruGivesTheNaiveAnswers(Steps<TlbStep> steps) => Compare(TreeShapes, "plru", steps);

    private static void Compare(ImmutableArray<(string Shape, int Pages)> shapes, string policy, Steps<TlbStep> steps)
    {
        foreach ((string shape, int pages) in shapes)
        {
            new TlbComparison($"{shape},policy={policy}", pages).Run(steps);
        }
    }
}

/// <summary>What a random step does to a TLB.</summary>
public enum TlbAction
{
    /// <summary>An access, with a fill where it misses.</summary>
    Access,

    /// <summary>A page-table entry has changed: an access, and where it hits the entry is filled anew.</summary>
    Upgrade,

    /// <summary>The same, after an invalidation of the page.</summary>
    InvalidateAndUpgrade,

    /// <summary>One page is dropped.</summary>
    InvalidatePage,

    /// <summary>Many pages are dropped.</summary>
    InvalidateRange,

    /// <summary>All goes but what is global.</summary>
    FlushKeepingGlobal,

    /// <summary>All goes.</summary>
    Flush,
}

/// <summary>One random step.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Place">Where, in 65536ths of the pages that are used.</param>
/// <param name="Offset">The byte in the page.</param>
/// <param name="Tag">The address space's tag.</param>
/// <param name="Access">The kind of access.</param>
/// <param name="Pages">The pages of a range.</param>
/// <param name="IsGlobal">What a walk finds is global.</param>
public readonly record struct TlbStep(TlbAction Action, int Place, int Offset, uint Tag, AccessKind Access, int Pages, bool IsGlobal)
{
    public static Arbitrary<Steps<TlbStep>> Arbitrary => Steps.Drawn<TlbStep>(Draw, 8000);

    /// <summary>The address where so many pages are used.</summary>
    public VirtualAddress In(int pages) => new PageNumber((ulong)((long)Place * pages >> 16)).Address + (ulong)Offset;

    private static TlbStep Draw(Random random, TlbStep last)
    {
        // Runs and returns to the same page as programs make them, else anywhere.
        bool again = random.Next(4) == 0;
        int number = random.Next(4000);
        return new(
            number switch
            {
                < 5 => TlbAction.Flush,
                < 20 => TlbAction.FlushKeepingGlobal,
                < 320 => TlbAction.InvalidatePage,
                < 360 => TlbAction.InvalidateRange,
                < 450 => TlbAction.Upgrade,
                < 540 => TlbAction.InvalidateAndUpgrade,
                _ => TlbAction.Access,
            },
            again ? last.Place : random.Next(1 << 16),
            again ? last.Offset : random.Next((int)PageSize.BaseBytes),
            random.Next(8) == 0 ? 4095u : (uint)random.Next(2),
            (AccessKind)random.Next(3),
            random.Next(80),
            random.Next(10) == 0);
    }
}
