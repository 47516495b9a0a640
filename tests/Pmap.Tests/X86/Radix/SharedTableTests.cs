using BsdVm.Conformance;
using BsdVm.X86;

namespace BsdVm.Tests.X86;

public class SharedTableTests
{
    private static readonly AddressRange Library = new(new(0x40000000), 1UL << 22);

    public static TheoryData<string> Backends() => [.. X86Backends.All.Select(backend => backend.Name)];

    // A library of 1 MB, which takes one table, in each of N processes: N - 1 tables are saved (row A10).
    [Theory]
    [MemberData(nameof(Backends))]
    public void ProcessesShareALibrarysTables(string name)
    {
        const int Processes = 20;
        RadixRig rig = Make(name, out Pmap first);
        long alone = first.TableFrames;
        var others = new List<Sharer>();
        for (int i = 1; i < Processes; i++)
        {
            long before = rig.System.Counters.TableFrames;
            Pmap pmap = rig.NewPmap();
            Assert.True(Share(pmap, first));
            Assert.Equal(alone, pmap.TableFrames);
            others.Add(new(pmap, rig.System.Counters.TableFrames - before));
        }

        Assert.All(others, other => Assert.Equal(alone - 1, other.FramesTaken));
        Assert.Equal((Processes - 1) * 4096L, rig.System.Counters.SharedTableBytes);
        Assert.Equal(Processes * 256L, rig.System.PvEntryCount);
        rig.Check();

        foreach (Sharer other in others)
        {
            rig.System.Activate(other.Pmap, rig.Machine.Cpus[0]);
            Assert.True(rig.Machine.Cpus[0].Access(Library.Start + 0x7123, AccessKind.Execute, out PhysicalAddress physical));
            Assert.Equal(RadixRig.Frame(7).Address + 0x123, physical);
        }

        // They end in any order, the donor among the first.
        rig.System.Destroy(others[4].Pmap);
        rig.System.Destroy(first);
        rig.Check();
        others.RemoveAt(4);
        others.ForEach(other => rig.System.Destroy(other.Pmap));
        Assert.Equal(
            (0L, 0L, (int)RadixRig.FirstDataFrame),
            (rig.System.Counters.TableFrames, rig.System.Counters.SharedTableBytes, rig.Source.FreeCount));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void AChangeBySomeoneIsNobodyElses(string name)
    {
        RadixRig rig = Make(name, out Pmap first);
        Pmap second = rig.NewPmap();
        Pmap third = rig.NewPmap();
        Assert.True(Share(second, first) && Share(third, second));
        rig.System.Activate(first, rig.Machine.Cpus[0]);
        rig.System.Activate(second, rig.Machine.Cpus[1]);
        PmapMapping[] before = [.. third.Mappings(Library)];

        second.Remove(new(Library.Start, 0x1000));
        first.Enter(Library.Start + 0x1000, RadixRig.Frame(300), Protection.ReadWrite, AccessKind.Write, wired: true);
        rig.System.Update();

        rig.Check();
        Assert.Equal((255L, 256L, 256L, 1L), (second.ResidentCount, first.ResidentCount, third.ResidentCount, first.WiredCount));
        Assert.Equal(before, third.Mappings(Library));
        Assert.True(rig.Machine.Cpus[0].Access(Library.Start, AccessKind.Read, out _));
        Assert.False(rig.Machine.Cpus[1].Access(Library.Start, AccessKind.Read, out _));
        Assert.Equal(2, rig.System.Counters.UnsharedTables);
    }

    // Of a table's mappings all go: the others keep the table, and no copy is made even with no frame left.
    [Fact]
    public void LeavingNeedsNoFrame()
    {
        RadixRig rig = Make("x86-4level", out Pmap first);
        Pmap second = rig.NewPmap();
        Assert.True(Share(second, first));
        rig.Source.Budget = 0;
        second.Remove(new(Library.Start, 256 * PageSize.BaseBytes));
        rig.System.Update();
        Assert.Equal(
            (0L, 256L, 0L, 0L),
            (second.ResidentCount, first.ResidentCount, rig.System.Counters.SharedTableBytes, rig.System.Counters.UnsharedTables));
        rig.Check();
    }

    [Fact]
    public void WithoutAFrameEnterSaysSoAndTheRestMakesTheOthersForget()
    {
        RadixRig rig = Make("x86-4level", out Pmap first);
        Pmap second = rig.NewPmap();
        Pmap third = rig.NewPmap();
        Assert.True(Share(second, first) && Share(third, first));
        rig.System.Activate(first, rig.Machine.Cpus[0]);
        Assert.True(rig.Machine.Cpus[0].Access(Library.Start, AccessKind.Read, out _));
        rig.Source.Budget = 0;

        Assert.Equal(
            PmapStatus.ResourceShortage, second.Enter(Library.Start + 0x1FF000, RadixRig.Frame(0), Protection.Read, null, wired: false));
        Assert.Equal(PmapStatus.ResourceShortage, second.Prepare(Library.Start));
        Assert.Equal((256L, 256L), (first.ResidentCount, third.ResidentCount));

        second.ChangeWiring(Library.Start, wired: true);
        rig.System.Update();

        Assert.Equal((0L, 256L, 0L, 1L), (first.ResidentCount, second.ResidentCount, third.ResidentCount, second.WiredCount));
        Assert.False(rig.Machine.Cpus[0].Access(Library.Start, AccessKind.Read, out _));
        Assert.Equal(0, rig.System.Counters.SharedTableBytes);
        rig.Check();
    }

    // Page lists lose other entries than the one that is being looked at.
    [Theory]
    [InlineData(Protection.None)]
    [InlineData(Protection.Read)]
    public void LoweringAPageReachesAllSharersWithOrWithoutFrames(Protection rights)
    {
        foreach (int budget in new[] { 0, 1, 100 })
        {
            RadixRig rig = Make("x86-4level", out Pmap first);
            first.Enter(Library.Start + 0x100000, RadixRig.Frame(7), Protection.ReadExecute, null, wired: false);
            Pmap[] others = [rig.NewPmap(), rig.NewPmap(), rig.NewPmap()];
            Assert.All(others, other => Assert.True(Share(other, first)));
            rig.Source.Budget = budget;
            rig.System.PageProtect(RadixRig.Frame(7), rights);
            rig.System.Update();
            rig.Check();
            Assert.All(rig.System.MappingsOf(RadixRig.Frame(7)), mapping =>
            {
                Assert.True(mapping.Pmap.TryExtract(mapping.Address, out PmapMapping left));
                Assert.Equal(rights, left.Rights);
            });
            Assert.Equal(rights == Protection.None, !rig.System.IsMapped(RadixRig.Frame(7)));
        }
    }

    [Fact]
    public void BitsOfASharedTableChangeForAllInPlace()
    {
        RadixRig rig = Make("x86-4level", out Pmap first, Protection.ReadWrite);
        Pmap second = rig.NewPmap();
        Assert.True(Share(second, first));
        rig.System.Activate(first, rig.Machine.Cpus[0]);
        rig.System.Activate(second, rig.Machine.Cpus[1]);
        foreach (Cpu cpu in rig.Machine.Cpus)
        {
            Assert.True(cpu.Access(Library.Start, AccessKind.Write, out _));
        }

        Assert.True(rig.System.IsModified(RadixRig.Frame(0)));
        rig.System.ClearModify(RadixRig.Frame(0));
        rig.System.Update();
        Assert.False(rig.System.IsModified(RadixRig.Frame(0)));
        rig.Check();
        Assert.True(rig.Machine.Cpus[1].Access(Library.Start, AccessKind.Write, out _));
        Assert.True(rig.System.IsModified(RadixRig.Frame(0)));
        Assert.Equal((0L, 4096L), (rig.System.Counters.UnsharedTables, rig.System.Counters.SharedTableBytes));
    }

    [Fact]
    public void WhatCannotBeSharedIsRefused()
    {
        RadixRig rig = Make("x86-4level", out Pmap first);
        var second = (RadixPmap<X86FourLevel>)rig.NewPmap();
        Assert.Throws<ArgumentException>(() => second.TryShareTables(second, Library));
        Assert.Throws<ArgumentException>(() => second.TryShareTables(first, new(Library.Start + 0x1000, Library.LengthBytes)));
        Assert.Throws<ArgumentException>(() => second.TryShareTables(first, new(Library.Start, 0x1000)));
        Assert.Throws<ArgumentException>(() => second.TryShareTables(first, new(new(0x7FFF_FFE0_0000), 1UL << 21)));
        Assert.Throws<ArgumentException>(() => second.TryShareTables(Make("x86-4level", out _).NewPmap(), Library));

        second.Enter(Library.Start + 0x1FF000, RadixRig.Frame(0), Protection.Read, null, wired: false);
        Assert.False(second.TryShareTables(first, Library));
        second.Remove(Library);
        for (int budget = 0; budget < 2; budget++)
        {
            var third = (RadixPmap<X86FourLevel>)rig.NewPmap();
            rig.Source.Budget = budget;
            Assert.False(third.TryShareTables(first, Library));
            rig.Source.Budget = int.MaxValue;
            rig.Check();
        }

        first.ChangeWiring(Library.Start, wired: true);
        Assert.False(second.TryShareTables(first, Library));
        first.ChangeWiring(Library.Start, wired: false);
        Assert.True(second.TryShareTables(first, Library));
        rig.Check();
    }

    // A large page can be shared after it is a table again; a shared table does not become a large page.
    [Fact]
    public void SharingAndPromotionStayApart()
    {
        RadixRig rig = new(new TinyBackend(promotes: true), 8);
        Pmap[] pmaps = [rig.NewPmap(), rig.NewPmap()];
        for (ulong page = 0; page < 2; page++)
        {
            pmaps[0].Enter(new PageNumber(page).Address, RadixRig.Frame(page), Protection.Read, AccessKind.Read, wired: false);
        }

        Assert.Equal(1, rig.System.Counters.Promotions);
        Assert.True(((RadixPmap<TinyFormat>)pmaps[1]).TryShareTables(pmaps[0], new(new(0), 0x2000)));
        Assert.Equal((1L, 4096L), (rig.System.Counters.Demotions, rig.System.Counters.SharedTableBytes));
        pmaps[1].Enter(new(0), RadixRig.Frame(0), Protection.Read, AccessKind.Read, wired: false);
        Assert.Equal((1L, 4096L), (rig.System.Counters.Promotions, rig.System.Counters.SharedTableBytes));
        rig.Check();
    }

    [Property(10, Arbitrary = [typeof(TableStep)])]
    public void RandomStepsEndAsTheReferenceDoes(Steps<TableStep> steps)
    {
        (int shared, PmapCounters counters) = RandomSteps.Compare(promotes: false, steps);

        // Long sequences share, and copy what was shared; short ones need not.
        Assert.True(
            steps.Items.Length < 1000 || (shared > 8 && counters.UnsharedTables > 3), $"{shared} shared, {counters.UnsharedTables} copied");
    }

    // Frames run out now and then: pmaps forget, and all that they still say is true.
    [Property(10, Arbitrary = [typeof(TableStep)])]
    public void TheRulesHoldWhateverRunsOut(Steps<TableStep> steps)
    {
        var rig = new RadixRig(new TinyBackend(promotes: false), TableStep.FrameCount);
        var run = new RandomSteps(rig);
        foreach ((int number, TableStep step) in steps.Items.Index())
        {
            rig.Source.Budget = step.Frames;
            run.Perform(step);
            if (number % 3 == 0)
            {
                rig.Check();
            }
        }

        run.Finish();
    }

    private static bool Share(Pmap pmap, Pmap donor) => SharedTables.TryShare(pmap, donor, Library);

    private static RadixRig Make(string name, out Pmap first, Protection rights = Protection.ReadExecute)
    {
        PmapBackend backend = X86Backends.All.Single(candidate => candidate.Name == name);
        var rig = new RadixRig(backend, 512);
        first = rig.NewPmap();
        for (ulong page = 0; page < 256; page++)
        {
            Assert.Equal(
                PmapStatus.Success,
                first.Enter(Library.Start + (page * PageSize.BaseBytes), RadixRig.Frame(page), rights, null, wired: false));
        }

        return rig;
    }

    private sealed record Sharer(Pmap Pmap, long FramesTaken);
}
