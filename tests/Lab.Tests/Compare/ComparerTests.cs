using BsdVm.X86;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests;

/// <summary>Replays with known results, and TLB counts against the rules written out naively.</summary>
public class ComparerTests
{
    [Fact]
    public void The_shipped_program_is_explained_by_its_calls()
    {
        CompareRun run = Run(new TraceSource(null, TraceFormat.Binary, null, DefaultTrace.Open, DefaultTrace.Name));
        TraceSummary trace = run.Trace;
        Assert.Equal(5409073, trace.Accesses);
        Assert.Equal((3953605, 921225, 526015, 8228), (trace.InstructionFetches, trace.Loads, trace.Stores, trace.Modifies));
        Assert.Equal((262, 55), (trace.DistinctPages, trace.DistinctPagesWritten));
        Assert.Equal((0, 0, 0), (trace.Unmapped, trace.ProtectionFaults, trace.CallMismatches));
        Assert.Equal(717, trace.MappedPagesAtEnd);
        Assert.Equal(26, trace.Calls["mmap"]);
    }

    [Theory]
    [InlineData("l1=64x64,l2=1536x12")]
    [InlineData("l1=64x64,l2=1536x12,policy=fifo")]
    [InlineData("l1=16x4,l2=0x0")]
    [InlineData("l1=48x3,l2=96x8,policy=fifo")]
    public void Tlb_counts_follow_the_rules(string specification)
    {
        ulong[] words = ReferenceTrace.Small.Generate();
        Assert.True(TlbSpecification.TryParse(specification, out TlbSpecification tlb, out _));
        CompareRun run = Run(WordTrace.Input(words), tlb);
        bool isLru = !specification.Contains("fifo", StringComparison.Ordinal);
        var first = new NaiveTlb(tlb.Data.Entries, tlb.Data.Ways, isLru);
        NaiveTlb? second = tlb.Second.Entries == 0 ? null : new NaiveTlb(tlb.Second.Entries, tlb.Second.Ways, isLru);
        long firstMisses = 0;
        long secondMisses = 0;
        foreach (ulong word in words)
        {
            if (!first.Touch(WordTrace.PageOf(word)))
            {
                firstMisses++;
                secondMisses += second is null || !second.Touch(WordTrace.PageOf(word)) ? 1 : 0;
            }
        }

        Assert.Equal((0, firstMisses, secondMisses), (run.Tlb.L1iMisses, run.Tlb.L1dMisses, run.Tlb.L2Misses));
        Assert.Equal(words.Select(WordTrace.PageOf).Distinct().Count(), run.Trace.DistinctPages);
        Assert.Equal(
            words.Where(static word => (word & 1) != 0).Select(WordTrace.PageOf).Distinct().Count(), run.Trace.DistinctPagesWritten);
        Assert.Equal(secondMisses * 4, run.Structures[0].References);
    }

    [Fact]
    public void Radix_bytes_are_the_closed_form()
    {
        ulong[] words = ReferenceTrace.Small.Generate();
        ulong[] pages = [.. words.Select(WordTrace.PageOf).Distinct()];
        long tables = 1 + ((int[])[9, 18, 27]).Sum(shift => pages.Select(page => page >> shift).Distinct().LongCount());
        StructureSummary radix = Run(WordTrace.Input(words)).Structures[0];
        Assert.Equal(tables * 4096, radix.TableBytesPeak);
        Assert.Equal(1.0, radix.RatioToRadix);
    }

    [Fact]
    public void A_narrow_structure_is_refused_or_folded()
    {
        ulong[] words = ReferenceTrace.Small.Generate();
        var request = new CompareRequest { Inputs = [WordTrace.Input(words)], Backends = [X86Backends.FourLevel, X86Backends.TwoLevel] };
        AddressTooWideException refused = Assert.Throws<AddressTooWideException>(() => Comparer.Run(request, static () => 0));
        Assert.Contains("x86-2level", refused.Message, StringComparison.Ordinal);
        CompareRun run = Comparer.Run(request with { Fold = true }, static () => 0).Runs[0];
        Assert.Equal([false, true], run.Structures.Select(static structure => structure.Folded));
        Assert.Equal(run.Structures[0].Walks, run.Structures[1].Walks);
        Assert.Equal(run.Structures[1].Walks * 2, run.Structures[1].References);
        long regions = words.Select(static word => word >> 22).Distinct().LongCount();
        Assert.Equal((1 + regions) * 4096, run.Structures[1].TableBytesPeak);
    }

    private static CompareRun Run(TraceSource input, TlbSpecification? tlb = null) =>
        Comparer.Run(
            new CompareRequest { Inputs = [input], Backends = [X86Backends.FourLevel], Tlb = tlb ?? TlbSpecification.Default },
            static () => 0).Runs[0];

    private sealed class NaiveTlb(int entries, int ways, bool isLru)
    {
        private readonly List<ulong>[] _sets = [.. Enumerable.Range(0, entries / ways).Select(static _ => new List<ulong>())];

        public bool Touch(ulong page)
        {
            List<ulong> set = _sets[page % (ulong)_sets.Length];
            int at = set.IndexOf(page);
            if (at >= 0)
            {
                if (isLru)
                {
                    set.RemoveAt(at);
                    set.Insert(0, page);
                }

                return true;
            }

            if (set.Count == ways)
            {
                set.RemoveAt(ways - 1);
            }

            set.Insert(0, page);
            return false;
        }
    }
}
