namespace BsdVm.Tests.Arm;

/// <summary>Large pages, sections and supersections beside small pages.</summary>
public class LargePageTests
{
    [Theory]
    [InlineData(16, 0x0123_0000UL, 0x0045_0000UL, 2, 5)]
    [InlineData(20, 0x0120_0000UL, 0x0040_0000UL, 1, 4)]
    [InlineData(24, 0x0100_0000UL, 0xA5_8100_0000UL, 1, 4)]
    public void LargePagesAreWalkedAndRemoved(int shift, ulong address, ulong physical, int references, int frames)
    {
        var rig = new ArmRig();
        var size = new PageSize(shift);
        Assert.True(rig.Pmap.TryEnterLarge(new(address), new(physical), size, Protection.ReadWrite));
        foreach (ulong offset in new ulong[] { 0, 0x1004, size.Bytes - 1 })
        {
            Assert.True(rig.Cpu.Mmu.TryWalk(new(address + offset), AccessKind.Write, PrivilegeMode.User, out ulong translation, out _));
            Assert.Equal(PageSize.Base.RoundDown(physical + offset), translation & TlbFlagsExtensions.PageMask);
            Assert.Equal((shift, references), (rig.Cpu.Mmu.LastPageShift, rig.Cpu.Mmu.Walks.LastReferences));
            Assert.False(rig.Cpu.Mmu.TryProbe(new(address + offset), AccessKind.Execute, PrivilegeMode.User, out _, out _));
        }

        Assert.Equal(frames, rig.Pmap.TableFrames);
        var entered = new PmapMapping(
            new(address), new PhysicalAddress(physical).Frame, Protection.ReadWrite, PmapFlags.Referenced | PmapFlags.Modified);
        Assert.Contains((entered, size), rig.Pmap.Pages(ArmRig.All));
        Assert.DoesNotContain(rig.Pmap.Mappings(ArmRig.All), mapping => mapping.Address.Value == address);
        Assert.Throws<ArgumentException>(() => rig.Enter(address, 5, Protection.Read));
        Assert.Throws<ArgumentException>(() => rig.Pmap.TryEnterLarge(new(address), new(physical), size, Protection.Read));

        Assert.True(shift == 24 || rig.Cpu.Access(new(address), AccessKind.Read, out _));
        rig.Pmap.RemoveLarge(new(address + size.Bytes - 1));
        rig.System.Update();
        Assert.False(rig.Cpu.Access(new(address), AccessKind.Read, out _));
        Assert.Throws<ArgumentException>(() => rig.Pmap.RemoveLarge(new(address)));
        Assert.Equal(PmapStatus.Success, rig.Pmap.Enter(new(address), new(5), Protection.Read, null, wired: false));
    }

    [Theory]
    [InlineData(12, 0UL, 0UL, Protection.Read)]
    [InlineData(21, 0UL, 0UL, Protection.Read)]
    [InlineData(20, 0x0008_0000UL, 0UL, Protection.Read)]
    [InlineData(20, 0UL, 0x0008_0000UL, Protection.Read)]
    [InlineData(20, 0UL, 0x1_0000_0000UL, Protection.Read)]
    [InlineData(24, 0UL, 0x100_0000_0000UL, Protection.Read)]
    [InlineData(20, 0xC000_0000UL, 0UL, Protection.Read)]
    [InlineData(20, 0UL, 0UL, Protection.None)]
    public void WrongLargePagesAreRefused(int shift, ulong address, ulong physical, Protection rights)
    {
        var rig = new ArmRig();
        Assert.Throws<ArgumentException>(() => rig.Pmap.TryEnterLarge(new(address), new(physical), new(shift), rights));
        Assert.Empty(rig.Pmap.Pages(ArmRig.All));
    }

    [Fact]
    public void WithoutAFrameThereIsNoLargePage()
    {
        var rig = new ArmRig();
        rig.Frames.Budget = 0;
        Assert.False(rig.Pmap.TryEnterLarge(new(0), new(0), new(16), Protection.Read));
        Assert.True(rig.Pmap.TryEnterLarge(new(0), new(0), new(20), Protection.Read));
    }

    [Fact]
    public void PagesComeInTheirOwnSizes()
    {
        var rig = new ArmRig();
        rig.Enter(0x0000_1000, 500, Protection.Read);
        rig.Pmap.TryEnterLarge(new(0x0001_0000), new(0x10_0000), new(16), Protection.Read);
        rig.Enter(0x0002_0000, 501, Protection.Read);
        rig.Pmap.TryEnterLarge(new(0x0100_0000), new(0x0200_0000), new(24), Protection.Read);
        rig.Pmap.TryEnterLarge(new(0x0200_0000), new(0x0200_0000), new(20), Protection.Read);
        rig.Enter(0xBFFF_F000, 502, Protection.Read);

        Assert.Equal(
            [(0x1000, 12), (0x1_0000, 16), (0x2_0000, 12), (0x100_0000, 24), (0x200_0000, 20), (0xBFFF_F000, 12)],
            rig.Pmap.Pages(ArmRig.All).Select(static page => (page.Mapping.Address.Value, page.Size.Shift)));
        Assert.Equal([16], rig.Pmap.Pages(new(new(0x1_5000), 0x1000)).Select(static page => page.Size.Shift));
        Assert.Equal(3, rig.Pmap.Mappings(ArmRig.All).Count());
    }
}
