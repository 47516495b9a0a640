using BsdVm.Conformance;
using BsdVm.X86;
using FsCheck.Fluent;

namespace BsdVm.Tests.X86;

/// <summary>The walker against the manual's statements, on memory full of random tables.</summary>
public class WalkerModelTests
{
    private const int CasesForReasons = 40;

    [Property(80, Arbitrary = [typeof(TwoLevelCases)])]
    public void TwoLevelWalksAsTheManualSays(WalkCase walks) => walks.Compare<X86TwoLevel>();

    [Property(80, Arbitrary = [typeof(PaeCases)])]
    public void PaeWalksAsTheManualSays(WalkCase walks) => walks.Compare<X86Pae>();

    [Property(80, Arbitrary = [typeof(FourLevelCases)])]
    public void FourLevelWalksAsTheManualSays(WalkCase walks) => walks.Compare<X86FourLevel>();

    // Random tables must not all end the same way.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TheCasesEndInEveryWay(int levels)
    {
        var reached = new Dictionary<FaultReason, int>();
        int refused = 0;
        foreach (WalkCase walks in WalkCase.Arbitrary(levels).Generator.Sample(66, RunSettings.Generator, CasesForReasons))
        {
            PhysicalMemory memory = walks.MakeMemory();
            ulong[]? pointers = levels == 3 ? ManualWalker.LoadPointers(memory, walks.Registers) : [];
            refused += pointers is null ? 1 : 0;
            foreach (WalkQuery query in pointers is null ? [] : walks.Queries.Items)
            {
                FaultReason reason = query.ByTheManual(memory, walks.Registers, levels, pointers!, []).Reason;
                reached[reason] = reached.GetValueOrDefault(reason) + 1;
            }
        }

        Assert.Equal(levels == 3, refused is > 3 and < CasesForReasons - 3);
        Assert.All(
            Enum.GetValues<FaultReason>().Where(reason => levels == 4 || reason != FaultReason.AddressRange),
            reason => Assert.True(reached.GetValueOrDefault(reason) > 60, $"{reason}: {reached.GetValueOrDefault(reason)}"));
    }
}
