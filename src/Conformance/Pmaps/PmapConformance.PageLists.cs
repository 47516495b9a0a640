using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>
    /// P12: the page list of a frame is exactly the mappings that lead to it, from any pmap and more than once from the same.
    /// </summary>
    [Fact]
    [Trait("Clause", "P12")]
    public void PageListsMirrorTheTables()
    {
        PmapRig rig = NewRig();
        Pmap[] pmaps = [rig.NewPmap(), rig.NewPmap(), rig.NewPmap()];
        for (int page = 0; page < 12; page++)
        {
            PmapRig.Enter(pmaps[page % 3], page, page % 2);
            PmapRules.Check(rig);
        }

        Assert.Equal((6, 12), (rig.System.MappingsOf(PmapRig.Frame(1)).Count(), rig.System.PvEntryCount));
        foreach (int page in new[] { 5, 0, 11, 6, 3, 8 })
        {
            pmaps[page % 3].Remove(PmapRig.Pages(page, 1));
            PmapRules.Check(rig);
        }

        Assert.Equal(6, rig.System.PvEntryCount);
    }

    /// <summary>P13: lowering the rights of a page reaches all its mappings in all pmaps, wired ones too, and no other page.</summary>
    [Fact]
    [Trait("Clause", "P13")]
    public void PageProtectReachesEveryMapping()
    {
        PmapRig rig = NewRig(cpuCount: 3);
        Pmap[] pmaps = SharePage(rig);

        rig.System.PageProtect(PmapRig.Frame(0), Protection.Read);
        rig.System.Update();
        PmapRules.Check(rig);
        for (int number = 0; number < 3; number++)
        {
            Cpu cpu = rig.Machine.Cpus[number];
            Assert.False(rig.Access(cpu, PmapRig.Page(number), AccessKind.Write));
            rig.Touch(cpu, PmapRig.Page(number), AccessKind.Read, 0);
            rig.Touch(cpu, PmapRig.Page(8), AccessKind.Write, 1);
        }

        rig.System.PageProtect(PmapRig.Frame(0), Protection.All);
        Assert.False(rig.Access(rig.Cpu, PmapRig.Page(0), AccessKind.Write));
        Assert.Equal(4, rig.System.MappingsOf(PmapRig.Frame(0)).Count());

        rig.System.PageProtect(PmapRig.Frame(0), Protection.None);
        rig.System.Update();
        PmapRules.Check(rig);
        Assert.False(rig.System.IsMapped(PmapRig.Frame(0)));
        Assert.Equal([1L, 1L, 1L], pmaps.Select(static pmap => pmap.ResidentCount));
        Assert.Equal([0L, 0L, 0L], pmaps.Select(static pmap => pmap.WiredCount));
        Assert.All(
            pmaps.Index(), pair => Assert.False(rig.Access(rig.Machine.Cpus[pair.Index], PmapRig.Page(pair.Index), AccessKind.Read)));
    }

    /// <summary>P14: lowering the rights of a page never adds one to any mapping, whatever it had.</summary>
    [Fact]
    [Trait("Clause", "P14")]
    public void PageProtectNeverGivesARight()
    {
        for (Protection had = Protection.Read; had <= Protection.All; had++)
        {
            for (Protection left = Protection.None; left <= Protection.All; left++)
            {
                CheckProtect(had, left, static (rig, _, left) => rig.System.PageProtect(PmapRig.Frame(0), left));
            }
        }
    }

    /// <summary>P15: an unmanaged frame is mapped and counted as any other, and has no page list.</summary>
    [Fact]
    [Trait("Clause", "P15")]
    public void UnmanagedFramesHaveNoPageList()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        rig.System.SetUnmanaged(PmapRig.Frame(0));
        PmapRig.Enter(pmap, 0, 0, Protection.Read, wired: true);
        PmapRig.Enter(pmap, 1, 0, Protection.Read);
        Assert.Equal((2L, 1L, 0), (pmap.ResidentCount, pmap.WiredCount, rig.System.PvEntryCount));

        rig.System.PageProtect(PmapRig.Frame(0), Protection.None);
        rig.Touch(rig.Cpu, PmapRig.Page(1), AccessKind.Read, 0);
        PmapRig.Enter(pmap, 1, 1);
        pmap.Remove(PmapRig.Pages(0, 1));
        rig.System.Update();
        Assert.Equal((1L, 0L, 1), (pmap.ResidentCount, pmap.WiredCount, rig.System.PvEntryCount));
        PmapRules.CheckTlbs(rig);
    }

    /// <summary>P16: an observer is told of every mapping that comes, changes or goes, so that a mirror of them stays true.</summary>
    [Fact]
    [Trait("Clause", "P16")]
    public void ObserversMissNothing()
    {
        PmapRig rig = NewRig();
        var mirror = new MappingMirror();
        rig.System.Observer = mirror;
        Pmap pmap = rig.NewLoadedPmap();
        Pmap other = rig.NewPmap();
        PmapRig.Enter(other, 0, 0);
        for (int page = 0; page < 6; page++)
        {
            PmapRig.Enter(pmap, page, page, wired: page == 5);
        }

        PmapRig.Enter(pmap, 0, 7);
        PmapRig.Enter(pmap, 1, 1, Protection.Read);
        pmap.Protect(PmapRig.Pages(2, 1), Protection.Read);
        pmap.ChangeWiring(PmapRig.Page(3), wired: true);
        pmap.Remove(PmapRig.Pages(4, 1));
        mirror.Verify([pmap, other], rig.All);

        rig.System.PageProtect(PmapRig.Frame(2), Protection.None);
        pmap.Collect();
        mirror.Verify([pmap, other], rig.All);
        rig.System.Destroy(pmap);
        mirror.Verify([other], rig.All);
        Assert.Equal([pmap], mirror.Destroyed);
    }

    // Three pmaps, a processor each, that map frame 0 at different pages and the last one twice; all have stored through it.
    private static Pmap[] SharePage(PmapRig rig)
    {
        Pmap[] pmaps = [rig.NewPmap(), rig.NewPmap(), rig.NewPmap()];
        for (int number = 0; number < pmaps.Length; number++)
        {
            rig.System.Activate(pmaps[number], rig.Machine.Cpus[number]);
            PmapRig.Enter(pmaps[number], number, 0, wired: number == 1);
            PmapRig.Enter(pmaps[number], 8, 1);
            rig.Touch(rig.Machine.Cpus[number], PmapRig.Page(number), AccessKind.Write, 0);
            rig.Touch(rig.Machine.Cpus[number], PmapRig.Page(8), AccessKind.Write, 1);
        }

        PmapRig.Enter(pmaps[2], 3, 0);
        rig.Touch(rig.Machine.Cpus[2], PmapRig.Page(3), AccessKind.Write, 0);
        return pmaps;
    }
}
