using BsdVm.Arm;

namespace BsdVm.Tests.Arm;

/// <summary>What the software half writes, as the hardware half sees it.</summary>
public class ArmPmapTests
{
    [Fact]
    public void APageIsTwoReferencesAway()
    {
        var rig = new ArmRig(0x2000);
        rig.Enter(0x1234_5000, 0x1237, Protection.ReadWrite, AccessKind.Read);

        Assert.True(rig.Cpu.Access(new(0x1234_5ABC), AccessKind.Read, out PhysicalAddress physical));
        Assert.Equal((0x0123_7ABCUL, 2L, 12), (physical.Value, rig.Cpu.Mmu.Walks.References, rig.Cpu.Mmu.LastPageShift));

        // 16 KB of first level, one table of 1 KB in a frame of its own.
        Assert.Equal((5L, 1, 17L << 10), (rig.Pmap.TableFrames, rig.Pmap.SecondLevelTables, rig.Pmap.TableUse.Bytes));
        Assert.Equal<long>([16L << 10, 1L << 10], rig.Pmap.TableUse.BytesByLevel);
        Assert.Equal(rig.Pmap.TableUse.Bytes, rig.System.Counters.TableBytes);
    }

    [Fact]
    public void FourTablesShareAFrame()
    {
        var rig = new ArmRig();
        for (ulong megabyte = 0; megabyte < 9; megabyte++)
        {
            rig.Enter(megabyte << 20, 500, Protection.Read);
        }

        Assert.Equal((9, 7L), (rig.Pmap.SecondLevelTables, rig.Pmap.TableFrames));
    }

    // The first store to a page that was entered without one: a permission fault of the second level, then modified.
    [Fact]
    public void TheFirstStoreFaultsAndIsRecorded()
    {
        var rig = new ArmRig();
        rig.Enter(0x5000, 500, Protection.ReadWrite, AccessKind.Read);
        Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));

        Assert.False(rig.Cpu.Access(new(0x5004), AccessKind.Write, out _));
        Assert.Equal((FaultReason.Protection, 0x80Fu), (rig.Cpu.LastFault.Reason, rig.Cpu.LastFault.Code));
        Assert.False(rig.System.IsModified(new(500)));
        Assert.Equal(Protection.ReadWrite, rig.Extract(0x5000).Rights);

        rig.Enter(0x5000, 500, Protection.ReadWrite, AccessKind.Write);
        Assert.True(rig.System.IsModified(new(500)));
        Assert.True(rig.Cpu.Access(new(0x5004), AccessKind.Write, out _));

        // Cleared and delivered, the next store shows again.
        rig.System.ClearModify(new(500));
        rig.System.Update();
        Assert.True(rig.Cpu.Access(new(0x5004), AccessKind.Read, out _));
        Assert.False(rig.Cpu.Access(new(0x5004), AccessKind.Write, out _));
    }

    [Fact]
    public void AUseAfterReferencedWasClearedIsAnAccessFlagFault()
    {
        var rig = new ArmRig();
        rig.Enter(0x5000, 500, Protection.Read, AccessKind.Read);
        Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
        rig.System.ClearReference(new(500));
        rig.System.Update();

        Assert.False(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
        Assert.Equal(ArmFaultStatus.AccessFlagSecond, ArmFaultCode.Status(rig.Cpu.LastFault.Code));
        rig.Enter(0x5000, 500, Protection.Read, AccessKind.Read);
        Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
        Assert.True(rig.System.IsReferenced(new(500)));
    }

    // Switches between address spaces leave the TLBs alone: each finds its own translations by its ASID.
    [Fact]
    public void AddressSpacesKeepTheirTranslations()
    {
        var rig = new ArmRig();
        Assert.True(rig.System.TryCreate(out Pmap? other));
        rig.Enter(0x5000, 500, Protection.Read);
        other.Enter(new(0x5000), new(501), Protection.Read, null, wired: false);
        for (int round = 0; round < 4; round++)
        {
            rig.System.Activate(round % 2 == 0 ? rig.Pmap : other, rig.Cpu);
            Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out PhysicalAddress physical));
            Assert.Equal(round % 2 == 0 ? 500UL : 501, physical.Frame.Value);
        }

        Assert.Equal(2, rig.Cpu.Mmu.Walks.Walks);
        Assert.Equal((1u, 2u), (rig.Pmap.Tag, other.Tag));
    }

    [Fact]
    public void AnEndedAddressSpaceIsWalkedNoMore()
    {
        var rig = new ArmRig();
        rig.Enter(0x5000, 500, Protection.Read);
        rig.System.Destroy(rig.Pmap);
        Assert.False(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
        Assert.Equal(0, rig.Cpu.Mmu.Walks.LastReferences);

        Assert.True(rig.System.TryCreate(out Pmap? next));
        rig.System.Activate(next, rig.Cpu);
        next.Enter(new(0x5000), new(501), Protection.Read, null, wired: false);
        Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
    }
}
