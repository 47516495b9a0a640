namespace BsdVm.Cli.Tests;

/// <summary>Row A5: PMem[addr/4] = addr + 0x10000, TTBR = 0, address 0x12345678.</summary>
public class ArmExerciseTests
{
    [Fact]
    public void TheArithmeticGivesTheTextbooksNumbers()
    {
        WalkExplanation walk = ArmExercise.Arithmetic(ArmExercise.CreateMemory(0x30), new(0x12345678));

        Assert.Equal("first-level index 0x123, second-level index 0x45, offset 0x678", walk.Split);
        Assert.Equal([0x48CUL, 0x10514], walk.Steps.Select(static step => step.EntryAddress.Value));
        Assert.Equal([0x1048CUL, 0x20514], walk.Steps.Select(static step => step.Entry));
        Assert.Equal([0x0UL, 0x10400], walk.Steps.Select(static step => step.Table.Value));
        Assert.Equal(0x20678UL, walk.Physical.Value);
        Assert.Equal("physical address 0x20678, where the word is 0x30678", walk.Conclusion);
    }

    [Fact]
    public void AsDescriptorsTheFirstWordIsAFault()
    {
        WalkExplanation walk = ArmExercise.Descriptors(ArmExercise.CreateMemory(0x30), new(0x12345678));

        WalkStep step = Assert.Single(walk.Steps);
        Assert.Equal((0x48CUL, 0x1048CUL, "type 00: fault"), (step.EntryAddress.Value, step.Entry, step.Meaning));
        Assert.Equal("data abort: translation fault, first level, DFAR = 0x12345678, DFSR = 0x5", walk.Conclusion);
        Assert.False(walk.Succeeds);
    }
}
