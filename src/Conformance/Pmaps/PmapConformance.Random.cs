using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>Random sequences that one run of P33 tries, unless CHECK_COUNT says otherwise.</summary>
    protected virtual int SequenceCount => 150;

    /// <summary>The longest of them.</summary>
    protected virtual int SequenceLength => 80;

    /// <summary>
    /// P33: over random sequences of all operations, several pmaps and processors, the backend answers and ends up as a
    /// <see cref="ReferenceBackend"/> of the same capabilities does, referenced bits aside, and the rules hold after each step.
    /// </summary>
    [Fact]
    [Trait("Clause", "P33")]
    public void RandomSequencesEndAsTheReferenceDoes()
    {
        int pages = PmapRun.PagesOf(NewRig()).Count;
        PropertyCheck.Holds(PmapOperation.Generator(pages), CompareWithReference, SequenceCount, SequenceLength);
    }

    private void CompareWithReference(IReadOnlyList<PmapOperation> steps)
    {
        PmapBackend backend = CreateBackend();
        var tested = new PmapRun(backend);
        var reference = new PmapRun(new ReferenceBackend(backend.Capabilities with { TagBits = 0 }));
        foreach ((int number, PmapOperation step) in steps.Index())
        {
            string expected = reference.Perform(step) + "\n" + reference.State();
            string found = tested.Perform(step) + "\n" + tested.State();
            Assert.True(expected == found, $"Step {number}, {step}: expected\n{expected}\nfound\n{found}");
            PmapRules.Check(tested.Rig);
        }

        tested.Finish();
    }
}
