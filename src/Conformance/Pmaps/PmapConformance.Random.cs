using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>
    /// P33: over random sequences of all operations, several pmaps and processors, the backend answers and ends up as a
    /// <see cref="ReferenceBackend"/> of the same capabilities does, referenced bits aside, and the rules hold after each step.
    /// </summary>
    [Property(Arbitrary = [typeof(PmapOperation)])]
    [Trait("Clause", "P33")]
    internal void RandomSequencesEndAsTheReferenceDoes(Steps<PmapOperation> steps)
    {
        PmapBackend backend = CreateBackend();
        var tested = new PmapRun(backend);
        var reference = new PmapRun(new ReferenceBackend(backend.Capabilities with { TagBits = 0 }));
        foreach ((int number, PmapOperation step) in steps.Items.Index())
        {
            string expected = reference.Perform(step) + "\n" + reference.State();
            string found = tested.Perform(step) + "\n" + tested.State();
            Assert.True(expected == found, $"Step {number}, {step}: expected\n{expected}\nfound\n{found}");
            PmapRules.Check(tested.Rig);
        }

        tested.Finish();
    }
}
