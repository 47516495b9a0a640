using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>P17: a frame is modified if and only if a store went through to it, by whatever mapping and processor.</summary>
    [Fact]
    [Trait("Clause", "P17")]
    public void ModifiedIsExact()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0, Protection.All);
        PmapRig.Enter(pmap, 1, 0, Protection.All);
        PmapRig.Enter(pmap, 2, 1, Protection.All);
        PmapRig.Enter(pmap, 3, 2, Protection.Read);
        rig.Touch(rig.Cpu, PmapRig.Page(0), AccessKind.Read, 0);
        rig.Touch(rig.Cpu, PmapRig.Page(0), AccessKind.Execute, 0);
        rig.Touch(rig.Cpu, PmapRig.Page(2), AccessKind.Read, 1);
        Assert.False(rig.Access(rig.Cpu, PmapRig.Page(3), AccessKind.Write));
        Assert.False(rig.System.IsModified(PmapRig.Frame(0)));

        rig.Touch(rig.Machine.Cpus[1], PmapRig.Page(1), AccessKind.Write, 0);

        Assert.True(rig.System.IsModified(PmapRig.Frame(0)));
        Assert.Equal(PmapFlags.None, PmapRig.Extract(pmap, PmapRig.Page(0)).Flags & PmapFlags.Modified);
        Assert.Equal(PmapFlags.Modified, PmapRig.Extract(pmap, PmapRig.Page(1)).Flags & PmapFlags.Modified);
        Assert.False(rig.System.IsModified(PmapRig.Frame(1)));
        Assert.False(rig.System.IsModified(PmapRig.Frame(2)));
        PmapRules.Check(rig);
    }

    /// <summary>
    /// P18: modified outlives the mapping, however it ends, until it is cleared; a mapping made later does not say it again.
    /// </summary>
    [Fact]
    [Trait("Clause", "P18")]
    public void ModifiedOutlivesTheMapping()
    {
        Action<PmapRig, Pmap>[] ways =
        [
            static (_, pmap) => pmap.Remove(PmapRig.Pages(0, 1)),
            static (_, pmap) => pmap.Protect(PmapRig.Pages(0, 1), Protection.None),
            static (rig, _) => rig.System.PageProtect(PmapRig.Frame(0), Protection.None),
            static (_, pmap) => PmapRig.Enter(pmap, 0, 1),
            static (_, pmap) => pmap.Collect(),
            static (rig, pmap) => rig.System.Destroy(pmap),
        ];
        foreach (Action<PmapRig, Pmap> end in ways)
        {
            PmapRig rig = NewRig();
            Pmap pmap = rig.NewLoadedPmap();
            PmapRig.Enter(pmap, 0, 0);
            rig.Store(PmapRig.Page(0), 0);

            end(rig, pmap);
            rig.System.Update();
            Assert.Equal((false, true), (rig.System.IsMapped(PmapRig.Frame(0)), rig.System.IsModified(PmapRig.Frame(0))));

            Pmap later = rig.NewPmap();
            PmapRig.Enter(later, 0, 0);
            Assert.Equal(PmapFlags.None, PmapRig.Extract(later, PmapRig.Page(0)).Flags & PmapFlags.Modified);
            rig.System.ClearModify(PmapRig.Frame(0));
            Assert.False(rig.System.IsModified(PmapRig.Frame(0)));
        }
    }

    /// <summary>P19: after ClearModify and Update the next store through any mapping, on any processor, shows again.</summary>
    [Fact]
    [Trait("Clause", "P19")]
    public void ClearModifyArmsEveryMappingAnew()
    {
        PmapRig rig = NewRig(cpuCount: 3);
        Pmap[] pmaps = SharePage(rig);
        (int Cpu, int Page)[] ways = [(0, 0), (1, 1), (2, 2), (2, 3)];
        foreach ((int cpu, int page) in ways)
        {
            rig.System.ClearModify(PmapRig.Frame(0));
            rig.System.Update();
            Assert.False(rig.System.IsModified(PmapRig.Frame(0)));
            Assert.True(rig.System.IsModified(PmapRig.Frame(1)));
            PmapRules.Check(rig);

            rig.Touch(rig.Machine.Cpus[cpu], PmapRig.Page(page), AccessKind.Read, 0);
            Assert.False(rig.System.IsModified(PmapRig.Frame(0)));
            rig.Touch(rig.Machine.Cpus[cpu], PmapRig.Page(page), AccessKind.Write, 0);
            Assert.True(rig.System.IsModified(PmapRig.Frame(0)), $"A store of processor {cpu} at page {page} was not seen.");
        }

        Assert.Equal([2L, 2L, 3L], pmaps.Select(static pmap => pmap.ResidentCount));
    }

    /// <summary>
    /// P20: referenced is a hint. Clearing it works for every mapping; where the hardware keeps it, any use sets it again; where it does
    /// not, it may stay clear.
    /// </summary>
    [Theory]
    [Trait("Clause", "P20")]
    [InlineData(AccessKind.Read)]
    [InlineData(AccessKind.Write)]
    [InlineData(AccessKind.Execute)]
    public void ReferencedIsClearedAndSetAgain(AccessKind access)
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0, Protection.All);
        PmapRig.Enter(pmap, 1, 0, Protection.All);
        rig.Touch(rig.Cpu, PmapRig.Page(0), access, 0);
        rig.Touch(rig.Cpu, PmapRig.Page(1), access, 0);
        Assert.True(!rig.Capabilities.HardwareReferenced || rig.System.IsReferenced(PmapRig.Frame(0)));

        rig.System.ClearReference(PmapRig.Frame(0));
        rig.System.Update();
        Assert.False(rig.System.IsReferenced(PmapRig.Frame(0)));
        Assert.Equal(access == AccessKind.Write, rig.System.IsModified(PmapRig.Frame(0)));

        rig.Touch(rig.Cpu, PmapRig.Page(1), access, 0);
        Assert.True(!rig.Capabilities.HardwareReferenced || rig.System.IsReferenced(PmapRig.Frame(0)));
    }

    /// <summary>
    /// P21: zeroing and copying give a frame its contents and leave it neither modified nor referenced; the source keeps its bits.
    /// </summary>
    [Fact]
    [Trait("Clause", "P21")]
    public void ZeroedAndCopiedFramesAreClean()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        for (int page = 0; page < 3; page++)
        {
            PmapRig.Enter(pmap, page, page);
            Assert.Equal(1, rig.Cpu.Store(PmapRig.Page(page) + 100, [(byte)(page + 1)]));
        }

        pmap.Remove(PmapRig.Pages(1, 2));
        rig.System.Update();
        rig.System.CopyPage(PmapRig.Frame(0), PmapRig.Frame(1));
        rig.System.ZeroPage(PmapRig.Frame(2));

        Assert.Equal(
            (1, 0), (rig.Machine.Memory.Read8(PmapRig.Frame(1).Address + 100), rig.Machine.Memory.Read8(PmapRig.Frame(2).Address + 100)));
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(number => rig.System.IsModified(PmapRig.Frame(number))));
        Assert.False(rig.System.IsReferenced(PmapRig.Frame(1)) || rig.System.IsReferenced(PmapRig.Frame(2)));
    }
}
