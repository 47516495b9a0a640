using BsdVm.Arm;

namespace BsdVm.Tests.Arm;

/// <summary>Roots, walks and tables as they are told and drawn.</summary>
public class ArmViewTests
{
    [Fact]
    public void TheRootIsDescribedByItsRegisters()
    {
        var rig = new ArmRig();
        TranslationRoot root = rig.Pmap.DescribeRoot()!;
        Assert.Equal("armv7", root.Architecture);
        Assert.Equal(
            [("ttbr0", rig.Pmap.Root.Value), ("ttbr1", 0), ("ttbcr", 0), ("dacr", 1), ("afe", 1), ("tre", 1), ("asid", 1)],
            root.Registers.Select(static pair => (pair.Key, pair.Value)));
        Assert.Equal(0UL, rig.Pmap.Root.Value % (16 << 10));
    }

    [Fact]
    public void WalksAndTablesAreDrawn()
    {
        var rig = new ArmRig();
        rig.Enter(0x1234_5000, 500, Protection.ReadExecute, AccessKind.Read);
        rig.Pmap.TryEnterLarge(new(0x1240_0000), new(0x0050_0000), new(20), Protection.Read);
        Mmu view = rig.Pmap.CreateView()!;

        WalkExplanation walk = view.Explain(new(0x1234_5678), AccessKind.Read, PrivilegeMode.User);
        Assert.Equal("first-level index 0x123, second-level index 0x45, offset 0x678", walk.Split);
        Assert.Equal([0x123, 0x45], walk.Steps.Select(static step => step.Index));
        Assert.Equal((true, new PageFrameNumber(500).Address.Value + 0x678), (walk.Succeeds, walk.Physical.Value));
        Assert.Equal("physical address 0x1f4678, user r-x, privileged r-x", walk.Conclusion);

        WalkExplanation section = view.Explain(new(0x1245_6789), AccessKind.Write, PrivilegeMode.User);
        Assert.Equal("first-level index 0x124, offset 0x56789", section.Split);
        Assert.Equal("data abort: permission fault, first level, DFAR = 0x12456789, DFSR = 0x80d", section.Conclusion);
        Assert.Equal("section 0x500000, domain 0, AP=111 TEX=000 C nG XN", section.Steps[0].Meaning);

        Assert.Equal(["first-level table of TTBR0", "second-level table"], view.Tables().Select(static table => table.Name));
        Assert.Equal([2, 1], view.Tables().Select(static table => table.Entries.Length));
        Assert.Equal(0x1234_5000UL, view.Tables()[1].Entries[0].First.Value);
    }

    [Fact]
    public void TheUpperTableIsDrawnToo()
    {
        var memory = new PhysicalMemory(64);
        memory.Write32(new(0x8000 + (0xFFF * 4)), 0x0010_0C12);
        memory.Write32(new(0x4000), 0x0020_0C12);
        var mmu = new ArmMmu(memory) { Registers = new() { Ttbr0 = 0x4000, Ttbr1 = 0x8000, Ttbcr = 1 } };

        Assert.Equal([0x0UL, 0x8000_0000UL], mmu.Tables().Select(static table => table.Covers.Start.Value));
        Assert.Equal([0x0UL, 0xFFF0_0000UL], mmu.Tables().Select(static table => table.Entries[0].First.Value));
        WalkExplanation walk = mmu.Explain(new(0xFFF0_0000), AccessKind.Read, PrivilegeMode.User);
        Assert.StartsWith("TTBR1, first-level index 0xfff", walk.Split, StringComparison.Ordinal);
    }
}
