namespace BsdVm.Tests.Arm;

/// <summary>Sections, supersections and large pages beside the pages of the contract.</summary>
public class ArmLargePageTests
{
    private static readonly AddressRange All = new(new(0), 0xC000_0000);

    [Theory]
    [InlineData(16, 0x0123_0000UL, 0x0045_0000UL, 2, 5)]
    [InlineData(20, 0x0120_0000UL, 0x0040_0000UL, 1, 4)]
    [InlineData(24, 0x0100_0000UL, 0xA5_8100_0000UL, 1, 4)]
    public void LargePagesAreWalkedAndRemoved(int shift, ulong address, ulong physical, int references, int frames)
    {
        ArmRig rig = ArmRig.Make();
        var size = new PageSize(shift);
        Assert.True(rig.Pmap.TryEnterLarge(new(address), new(physical), size, Protection.ReadWrite));
        foreach (ulong offset in new ulong[] { 0, 0x1004, size.Bytes - 1 })
        {
            Assert.True(rig.Cpu.Mmu.TryWalk(new(address + offset), AccessKind.Write, PrivilegeMode.User, out ulong translation, out _));
            Assert.Equal((physical + offset) & ~0xFFFUL, translation & TlbFlagsExtensions.PageMask);
            Assert.Equal((shift, references), (rig.Cpu.Mmu.LastPageShift, rig.Cpu.Mmu.Walks.LastReferences));
            Assert.False(rig.Cpu.Mmu.TryProbe(new(address + offset), AccessKind.Execute, PrivilegeMode.User, out _, out _));
        }

        Assert.Equal(frames, rig.Pmap.TableFrames);
        Assert.Contains(
            (new PmapMapping(new(address), new(physical >> 12), Protection.ReadWrite, PmapFlags.Referenced | PmapFlags.Modified), size),
            rig.Pmap.Pages(All));
        Assert.DoesNotContain(rig.Pmap.Mappings(All), mapping => mapping.Address.Value == address);
        Assert.Throws<ArgumentException>(() => ArmRig.Enter(rig, address, 5, Protection.Read));
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
        ArmRig rig = ArmRig.Make();
        Assert.Throws<ArgumentException>(() => rig.Pmap.TryEnterLarge(new(address), new(physical), new(shift), rights));
        Assert.Empty(rig.Pmap.Pages(All));
    }

    [Fact]
    public void WithoutAFrameThereIsNoLargePage()
    {
        ArmRig rig = ArmRig.Make();
        rig.Frames.Budget = 0;
        Assert.False(rig.Pmap.TryEnterLarge(new(0), new(0), new(16), Protection.Read));
        Assert.True(rig.Pmap.TryEnterLarge(new(0), new(0), new(20), Protection.Read));
    }

    [Fact]
    public void PagesComeInTheirOwnSizes()
    {
        ArmRig rig = ArmRig.Make();
        ArmRig.Enter(rig, 0x0000_1000, 500, Protection.Read);
        rig.Pmap.TryEnterLarge(new(0x0001_0000), new(0x10_0000), new(16), Protection.Read);
        ArmRig.Enter(rig, 0x0002_0000, 501, Protection.Read);
        rig.Pmap.TryEnterLarge(new(0x0100_0000), new(0x0200_0000), new(24), Protection.Read);
        rig.Pmap.TryEnterLarge(new(0x0200_0000), new(0x0200_0000), new(20), Protection.Read);
        ArmRig.Enter(rig, 0xBFFF_F000, 502, Protection.Read);

        Assert.Equal(
            [(0x1000, 12), (0x1_0000, 16), (0x2_0000, 12), (0x100_0000, 24), (0x200_0000, 20), (0xBFFF_F000, 12)],
            rig.Pmap.Pages(All).Select(static page => (page.Mapping.Address.Value, page.Size.Shift)));
        Assert.Equal([16], rig.Pmap.Pages(new(new(0x1_5000), 0x1000)).Select(static page => page.Size.Shift));
        Assert.Equal(3, rig.Pmap.Mappings(All).Count());
    }
}
