using BsdVm.Conformance;
using BsdVm.X86;

namespace BsdVm.Tests.X86;

public class PromotionTests
{
    public static TheoryData<string> Backends() => [.. X86Backends.All.Select(backend => backend.Name)];

    [Theory]
    [MemberData(nameof(Backends))]
    public void AFullTableOfNeighboursBecomesOneLargePage(string backend)
    {
        (RadixRig rig, Pmap pmap, Cpu cpu, int count) = Make(backend);
        EnterAll(pmap, count - 1, Protection.ReadWrite, AccessKind.Write);
        Assert.Equal(0, rig.System.Counters.Promotions);
        long tables = pmap.TableFrames;
        Enter(pmap, count - 1, Protection.ReadWrite, AccessKind.Write);

        Assert.Equal((1L, (long)count, tables), (rig.System.Counters.Promotions, pmap.ResidentCount, pmap.TableFrames));
        Assert.Equal(count, pmap.Mappings(rig.All).Count());
        (PmapMapping mapping, PageSize size) = Assert.Single(pmap.Pages(rig.All));
        Assert.Equal((Base, RadixRig.Frame(0), (ulong)count * PageSize.BaseBytes), (mapping.Address, mapping.Frame, size.Bytes));
        Assert.Equal(mapping, Assert.Single(pmap.Pages(new(Base + 0x3000, 0x2000))).Mapping);
        foreach (int page in new[] { 0, 77, count - 1 })
        {
            Assert.True(cpu.Access(Page(page) + 0x123, AccessKind.Write, out PhysicalAddress physical));
            Assert.Equal(RadixRig.Frame((ulong)page).Address + 0x123, physical);
            Assert.Equal((ulong)count * PageSize.BaseBytes, 1UL << cpu.Mmu.LastPageShift);
        }

        Assert.Equal(backend == "x86-4level" ? 3 : 1, cpu.Mmu.Walks.LastReferences);
        rig.Check();
        rig.System.Destroy(pmap);
        Assert.Equal((int)RadixRig.FirstDataFrame, rig.Source.FreeCount);
    }

    [Theory]
    [InlineData("one entry is missing")]
    [InlineData("another frame")]
    [InlineData("fewer rights")]
    [InlineData("wired")]
    [InlineData("not stored through")]
    [InlineData("not used")]
    [InlineData("all may be stored through and were not")]
    public void WhatIsNotUniformStaysATable(string why)
    {
        (RadixRig rig, Pmap pmap, _, int count) = Make("x86-pae");
        for (int page = 0; page < count; page++)
        {
            bool odd = page == 100;
            AccessKind? access = (odd && why == "not used") ? null
                : (odd && why == "not stored through") || why == "all may be stored through and were not" ? AccessKind.Read
                : AccessKind.Write;
            Protection rights = odd && why == "fewer rights" ? Protection.ReadExecute : Protection.ReadWrite;
            ulong frame = (ulong)(odd && why == "another frame" ? 101 : page);
            if (!odd || why != "one entry is missing")
            {
                pmap.Enter(Page(page), RadixRig.Frame(frame), rights, access, wired: odd && why == "wired");
            }
        }

        Assert.Equal(0, rig.System.Counters.Promotions);
        Assert.All(pmap.Pages(rig.All), static page => Assert.Equal(PageSize.Base, page.Size));
        rig.Check();
    }

    [Fact]
    public void ReadOnlyPagesAreUniformCleanOrDirty()
    {
        (RadixRig rig, Pmap pmap, _, int count) = Make("x86-4level");
        EnterAll(pmap, count, Protection.Read, AccessKind.Read);
        Assert.Equal(1, rig.System.Counters.Promotions);
        Assert.False(rig.System.IsModified(RadixRig.Frame(7)));
    }

    [Theory]
    [InlineData("off")]
    [InlineData("frames that are not aligned")]
    public void NothingIsPromotedThen(string why)
    {
        (RadixRig rig, Pmap pmap, _, int count) = Make("x86-4level");
        rig.System.PromotesLargePages = why != "off";
        for (int page = 0; page < count; page++)
        {
            pmap.Enter(
                Page(page), RadixRig.Frame((ulong)page + (why == "off" ? 0u : 1u)), Protection.ReadWrite, AccessKind.Write, wired: false);
        }

        Assert.Equal(0, rig.System.Counters.Promotions);
    }

    public static TheoryData<string, string> Changes()
    {
        var data = new TheoryData<string, string>();
        foreach (PmapBackend backend in X86Backends.All)
        {
            string[] changes =
                ["remove", "protect", "page protect", "wire", "clear modify", "clear reference", "another frame", "more rights"];
            foreach (string change in changes)
            {
                data.Add(backend.Name, change);
            }
        }

        return data;
    }

    // With no frame left: the table was kept.
    [Theory]
    [MemberData(nameof(Changes))]
    public void AChangeOfOnePageDemotesAndTouchesNoOther(string backend, string change)
    {
        (RadixRig rig, Pmap pmap, Cpu cpu, int count) = Make(backend);
        EnterAll(pmap, count, Protection.ReadWrite, AccessKind.Write);
        Assert.True(cpu.Access(Page(5), AccessKind.Write, out _));
        Assert.True(cpu.Access(Page(6), AccessKind.Write, out _));
        rig.Source.Budget = 0;
        PmapMapping[] before = [.. pmap.Mappings(rig.All)];

        switch (change)
        {
            case "remove":
                pmap.Remove(new(Page(5), 0x1000));
                break;
            case "protect":
                pmap.Protect(new(Page(5), 0x1000), Protection.Read);
                break;
            case "page protect":
                rig.System.PageProtect(RadixRig.Frame(5), Protection.None);
                break;
            case "wire":
                pmap.ChangeWiring(Page(5), wired: true);
                break;
            case "clear modify":
                rig.System.ClearModify(RadixRig.Frame(5));
                break;
            case "clear reference":
                rig.System.ClearReference(RadixRig.Frame(5));
                break;
            case "another frame":
                Assert.Equal(PmapStatus.Success, pmap.Enter(Page(5), RadixRig.Frame(0), Protection.Read, null, wired: false));
                break;
            default:
                Assert.Equal(PmapStatus.Success, pmap.Enter(Page(5), RadixRig.Frame(5), Protection.All, null, wired: true));
                break;
        }

        Assert.True(rig.System.HasOwedInvalidations);
        rig.System.Update();
        rig.Check();
        Assert.Equal((1L, 1L), (rig.System.Counters.Promotions, rig.System.Counters.Demotions));
        Assert.Equal(
            before.Where(mapping => mapping.Address != Page(5)), pmap.Mappings(rig.All).Where(mapping => mapping.Address != Page(5)));
        Assert.DoesNotContain(before[5], pmap.Mappings(rig.All));
        Assert.True(cpu.Access(Page(6), AccessKind.Write, out _));
        Assert.Equal(12, cpu.Mmu.LastPageShift);
        if (change is "clear modify")
        {
            Assert.False(rig.System.IsModified(RadixRig.Frame(5)));
            Assert.True(rig.System.IsModified(RadixRig.Frame(6)));
            Assert.True(cpu.Access(Page(5), AccessKind.Write, out _));
            Assert.True(rig.System.IsModified(RadixRig.Frame(5)));
        }
    }

    // A kernel with WP=0 stores into a read-only large page: the bit must not be lost in the demotion.
    [Fact]
    public void BitsThatTheHardwareSetInTheLargePageReachThePieces()
    {
        (RadixRig rig, Pmap pmap, Cpu cpu, int count) = Make("x86-2level");
        EnterAll(pmap, count, Protection.Read, AccessKind.Read);
        var mmu = (X86Mmu<X86TwoLevel>)cpu.Mmu;
        mmu.Registers = mmu.Registers with { Wp = false };
        cpu.Mode = PrivilegeMode.Supervisor;
        Assert.True(cpu.Access(Page(9), AccessKind.Write, out _));
        pmap.Remove(new(Page(0), 0x1000));
        Assert.True(rig.System.IsModified(RadixRig.Frame(9)));
        rig.Check();
    }

    [Fact]
    public void ACollectGivesTheKeptTableBack()
    {
        (RadixRig rig, Pmap pmap, _, int count) = Make("x86-4level");
        EnterAll(pmap, count, Protection.ReadWrite, AccessKind.Write);
        Assert.Throws<ArgumentException>(() => ((X86Pmap<X86FourLevel>)pmap).RemoveLarge(Base));
        pmap.Collect();
        Assert.Equal((0L, 1L), (pmap.ResidentCount, pmap.TableFrames));
        rig.Check();
    }

    // What the machine answers is what it answers without promotion, step by step.
    [Property(10, Arbitrary = [typeof(TableStep)])]
    public void RandomStepsEndAsTheReferenceDoes(Steps<TableStep> steps)
    {
        (_, PmapCounters counters) = RandomSteps.Compare(promotes: true, steps);

        // Long sequences promote and demote; short ones need not.
        Assert.True(
            steps.Items.Length < 1000 || (
                counters.Promotions > 8 && counters.Demotions > 8), $"{counters.Promotions}, {counters.Demotions}");
    }

    private static readonly VirtualAddress Base = new(0x40000000);

    private static VirtualAddress Page(int page) => Base + ((ulong)page * PageSize.BaseBytes);

    private static void Enter(Pmap pmap, int page, Protection rights, AccessKind access) =>
        Assert.Equal(PmapStatus.Success, pmap.Enter(Page(page), RadixRig.Frame((ulong)page), rights, access, wired: false));

    private static void EnterAll(Pmap pmap, int count, Protection rights, AccessKind access)
    {
        for (int page = 0; page < count; page++)
        {
            Enter(pmap, page, rights, access);
        }
    }

    private static (RadixRig Rig, Pmap Pmap, Cpu Cpu, int Count) Make(string name)
    {
        PmapBackend backend = X86Backends.All.Single(candidate => candidate.Name == name);
        var rig = new RadixRig(new PromotingBackend(backend), 1100, cpus: 1);
        Pmap pmap = rig.NewPmap();
        rig.System.Activate(pmap, rig.Machine.Cpus[0]);
        return (rig, pmap, rig.Machine.Cpus[0], 1 << (backend.Capabilities.PageSizes[1].Shift - 12));
    }
}
