using BsdVm.Arm;

namespace BsdVm.Tests.Arm;

/// <summary>What the software half writes, as the hardware half sees it.</summary>
public class ArmPmapTests
{
    private static readonly AddressRange All = new(new(0), 0xC000_0000);

    [Fact]
    public void APageIsTwoReferencesAway()
    {
        ArmRig rig = ArmRig.Make(frames: 0x2000);
        ArmRig.Enter(rig, 0x1234_5000, 0x1237, Protection.ReadWrite, AccessKind.Read);

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
        ArmRig rig = ArmRig.Make();
        for (ulong megabyte = 0; megabyte < 9; megabyte++)
        {
            ArmRig.Enter(rig, megabyte << 20, 500, Protection.Read);
        }

        Assert.Equal((9, 7L), (rig.Pmap.SecondLevelTables, rig.Pmap.TableFrames));
    }

    // The first store to a page that was entered without one: a permission fault of the second level, then modified.
    [Fact]
    public void TheFirstStoreFaultsAndIsRecorded()
    {
        ArmRig rig = ArmRig.Make();
        ArmRig.Enter(rig, 0x5000, 500, Protection.ReadWrite, AccessKind.Read);
        Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));

        Assert.False(rig.Cpu.Access(new(0x5004), AccessKind.Write, out _));
        Assert.Equal((FaultReason.Protection, 0x80Fu), (rig.Cpu.LastFault.Reason, rig.Cpu.LastFault.Code));
        Assert.False(rig.System.IsModified(new(500)));
        Assert.Equal(Protection.ReadWrite, ArmRig.Extract(rig, 0x5000).Rights);

        ArmRig.Enter(rig, 0x5000, 500, Protection.ReadWrite, AccessKind.Write);
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
        ArmRig rig = ArmRig.Make();
        ArmRig.Enter(rig, 0x5000, 500, Protection.Read, AccessKind.Read);
        Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
        rig.System.ClearReference(new(500));
        rig.System.Update();

        Assert.False(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
        Assert.Equal(ArmFaultStatus.AccessFlagSecond, ArmFaultCode.Status(rig.Cpu.LastFault.Code));
        ArmRig.Enter(rig, 0x5000, 500, Protection.Read, AccessKind.Read);
        Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
        Assert.True(rig.System.IsReferenced(new(500)));
    }

    // A pmap against a dictionary: same mappings whatever is entered, removed, collected; and all frames come back.
    [Fact]
    public void MappingsAreThoseOfADictionary()
    {
        ArmRig rig = ArmRig.Make(frames: 1500);
        var random = new Random(7);
        var model = new SortedDictionary<ulong, ulong>();
        ulong[] regions = [0, 0xF_0000, 0x3F_F000, 0x8000_0000, 0xC000_0000 - 0x4_0000];
        for (int step = 0; step < 10_000; step++)
        {
            ulong address = regions[random.Next(5)] + ((ulong)random.Next(64) << 12);
            var range = new AddressRange(new(address), Math.Min((ulong)random.Next(1, 8) << 12, 0xC000_0000 - address));
            switch (random.Next(40))
            {
                case 0:
                    rig.Pmap.Collect();
                    foreach (ulong gone in model.Where(static pair => !IsWired(pair.Value)).Select(static pair => pair.Key).ToList())
                    {
                        model.Remove(gone);
                    }

                    int tables = model.Keys.Select(static key => key >> 20).Distinct().Count();
                    Assert.Equal((tables, 4L + ((tables + 3) / 4)), (rig.Pmap.SecondLevelTables, rig.Pmap.TableFrames));
                    break;
                case < 12:
                    rig.Pmap.Remove(range);
                    model.Keys.Where(key => range.Contains(new(key))).ToList().ForEach(key => model.Remove(key));
                    break;
                default:
                    ulong frame = (ulong)random.Next(1500);
                    Assert.Equal(
                        PmapStatus.Success,
                        rig.Pmap.Enter(new(address), new(frame), Protection.ReadWrite, AccessKind.Read, IsWired(frame)));
                    Assert.True(rig.Cpu.Mmu.TryWalk(new(address), AccessKind.Read, PrivilegeMode.User, out ulong translation, out _));
                    Assert.Equal(frame, translation >> 12);
                    model[address] = frame;
                    break;
            }

            rig.System.Update();
            if (step % 50 == 0)
            {
                Assert.Equal(
                    model.Select(static pair => (pair.Key, pair.Value)),
                    rig.Pmap.Mappings(All).Select(static mapping => (mapping.Address.Value, mapping.Frame.Value)));
                Assert.Equal(rig.Pmap.Mappings(All), rig.Pmap.Pages(All).Select(static page => page.Mapping));
            }
        }

        rig.System.Destroy(rig.Pmap);
        Assert.Equal((1500, 0L, 0L), (rig.Frames.FreeCount, rig.System.Counters.TableFrames, rig.System.Counters.TableBytes));
    }

    // Switches between address spaces leave the TLBs alone: each finds its own translations by its ASID.
    [Fact]
    public void AddressSpacesKeepTheirTranslations()
    {
        ArmRig rig = ArmRig.Make();
        Assert.True(rig.System.TryCreate(out Pmap? other));
        ArmRig.Enter(rig, 0x5000, 500, Protection.Read);
        other.Enter(new(0x5000), new(501), Protection.Read, null, wired: false);
        for (int round = 0; round < 4; round++)
        {
            rig.System.Activate(round % 2 == 0 ? rig.Pmap : other, rig.Cpu);
            Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out PhysicalAddress physical));
            Assert.Equal(round % 2 == 0 ? 500UL : 501, physical.Value >> 12);
        }

        Assert.Equal(2, rig.Cpu.Mmu.Walks.Walks);
        Assert.Equal((1u, 2u), (rig.Pmap.Tag, other.Tag));
    }

    [Fact]
    public void AnEndedAddressSpaceIsWalkedNoMore()
    {
        ArmRig rig = ArmRig.Make();
        ArmRig.Enter(rig, 0x5000, 500, Protection.Read);
        rig.System.Destroy(rig.Pmap);
        Assert.False(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
        Assert.Equal(0, rig.Cpu.Mmu.Walks.LastReferences);

        Assert.True(rig.System.TryCreate(out Pmap? next));
        rig.System.Activate(next, rig.Cpu);
        next.Enter(new(0x5000), new(501), Protection.Read, null, wired: false);
        Assert.True(rig.Cpu.Access(new(0x5000), AccessKind.Read, out _));
    }

    [Fact]
    public void TheRootIsDescribedByItsRegisters()
    {
        ArmRig rig = ArmRig.Make();
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
        ArmRig rig = ArmRig.Make();
        ArmRig.Enter(rig, 0x1234_5000, 500, Protection.ReadExecute, AccessKind.Read);
        rig.Pmap.TryEnterLarge(new(0x1240_0000), new(0x0050_0000), new(20), Protection.Read);
        Mmu view = rig.Pmap.CreateView()!;

        WalkExplanation walk = view.Explain(new(0x1234_5678), AccessKind.Read, PrivilegeMode.User);
        Assert.Equal("first-level index 0x123, second-level index 0x45, offset 0x678", walk.Split);
        Assert.Equal([0x123, 0x45], walk.Steps.Select(static step => step.Index));
        Assert.Equal((true, (500UL << 12) + 0x678), (walk.Succeeds, walk.Physical.Value));
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
        Assert.StartsWith(
            "TTBR1, first-level index 0xfff", mmu.Explain(new(0xFFF0_0000), AccessKind.Read, PrivilegeMode.User).Split,
            StringComparison.Ordinal);
    }

    private static bool IsWired(ulong frame) => frame % 64 == 0;
}
