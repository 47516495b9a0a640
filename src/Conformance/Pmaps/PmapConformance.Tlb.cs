using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>
    /// P28: after Update no TLB of any processor holds a translation, a right, or leave to store unseen that the tables do not give,
    /// whatever the operation was.
    /// </summary>
    [Fact]
    [Trait("Clause", "P28")]
    public void UpdateMakesEveryTlbTrue()
    {
        Action<PmapRig, Pmap>[] operations =
        [
            static (_, pmap) => pmap.Remove(PmapRig.Pages(0, 1)),
            static (_, pmap) => pmap.Remove(PmapRig.Pages(0, 1000)),
            static (_, pmap) => pmap.Protect(PmapRig.Pages(0, 1), Protection.Read),
            static (_, pmap) => pmap.Protect(PmapRig.Pages(0, 4), Protection.ReadExecute),
            static (rig, _) => rig.System.PageProtect(PmapRig.Frame(0), Protection.Read),
            static (rig, _) => rig.System.PageProtect(PmapRig.Frame(0), Protection.None),
            static (_, pmap) => PmapRig.Enter(pmap, 0, 0, Protection.Read),
            static (_, pmap) => PmapRig.Enter(pmap, 0, 9, Protection.All),
            static (rig, _) => rig.System.ClearModify(PmapRig.Frame(0)),
            static (_, pmap) => pmap.Collect(),
            static (rig, pmap) => rig.System.Destroy(pmap),
        ];
        foreach ((int number, Action<PmapRig, Pmap> operation) in operations.Index())
        {
            PmapRig rig = NewRig(cpuCount: 3);
            Pmap pmap = rig.NewLoadedPmap();
            FillTlbs(rig, pmap);

            operation(rig, pmap);
            rig.System.Update();

            Assert.False(rig.System.HasOwedInvalidations);
            PmapRules.Check(rig);
            PageFrameNumber? gone = number is 1 or 0 or 5 or 9 or 10 ? PmapRig.Frame(0) : null;
            Assert.True(gone is null || !rig.Machine.Cpus.ToArray().Any(cpu => rig.Access(cpu, PmapRig.Page(0), AccessKind.Read)));
        }
    }

    /// <summary>P29: several operations may pass before one Update; it then holds for all of them.</summary>
    [Fact]
    [Trait("Clause", "P29")]
    public void OneUpdateServesManyOperations()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        Pmap pmap = rig.NewLoadedPmap();
        FillTlbs(rig, pmap);

        pmap.Protect(PmapRig.Pages(3, 1), Protection.Read);
        pmap.Remove(PmapRig.Pages(0, 1));
        PmapRig.Enter(pmap, 0, 0, Protection.Read);
        rig.System.ClearModify(PmapRig.Frame(2));
        PmapRig.Enter(pmap, 1, 5, Protection.Read);
        PmapRig.Enter(pmap, 1, 6, Protection.ReadWrite);
        rig.System.Update();

        PmapRules.Check(rig);
        Assert.False(rig.Access(rig.Machine.Cpus[1], PmapRig.Page(0), AccessKind.Write));
        Assert.False(rig.Access(rig.Machine.Cpus[1], PmapRig.Page(3), AccessKind.Write));
        rig.Touch(rig.Machine.Cpus[1], PmapRig.Page(1), AccessKind.Write, 6);
        Assert.False(rig.System.IsModified(PmapRig.Frame(2)));
    }

    /// <summary>
    /// P30: raised rights are in force at once where no TLB held less, and at the latest after a walk: no access faults for a stale TLB.
    /// </summary>
    [Fact]
    [Trait("Clause", "P30")]
    public void RaisedRightsNeedNoUpdate()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0, Protection.Read);
        rig.Touch(rig.Cpu, PmapRig.Page(0), AccessKind.Read, 0);
        rig.Touch(rig.Machine.Cpus[1], PmapRig.Page(0), AccessKind.Read, 0);

        PmapRig.Enter(pmap, 0, 0, Protection.ReadWrite);

        rig.Store(PmapRig.Page(0), 0);
        rig.Touch(rig.Machine.Cpus[1], PmapRig.Page(0), AccessKind.Write, 0);
    }

    /// <summary>
    /// P31: a processor sees the address space that was activated on it last and no other, processors may share one or have their own, and
    /// what changes in a space while it is loaded nowhere holds when it is loaded again.
    /// </summary>
    [Fact]
    [Trait("Clause", "P31")]
    public void ActivateSwitchesOneProcessor()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        Pmap[] pmaps = [rig.NewPmap(), rig.NewPmap()];
        PmapRig.Enter(pmaps[0], 0, 0);
        PmapRig.Enter(pmaps[1], 0, 1);
        PmapRig.Enter(pmaps[0], 1, 2);
        for (int round = 0; round < 6; round++)
        {
            int on0 = round & 1;
            int on1 = round >> 1 & 1;
            rig.System.Activate(pmaps[on0], rig.Cpu);
            rig.System.Activate(pmaps[on1], rig.Machine.Cpus[1]);
            rig.Touch(rig.Cpu, PmapRig.Page(0), AccessKind.Write, on0);
            rig.Touch(rig.Machine.Cpus[1], PmapRig.Page(0), AccessKind.Read, on1);
            Assert.Equal(on0 == 0, rig.Access(rig.Cpu, PmapRig.Page(1), AccessKind.Read));
            Assert.Equal((pmaps[on0], pmaps[on1]), (rig.System.LoadedOn(rig.Cpu), rig.System.LoadedOn(rig.Machine.Cpus[1])));
            PmapRules.Check(rig);
        }

        rig.System.Activate(pmaps[1], rig.Cpu);
        rig.System.Activate(pmaps[1], rig.Machine.Cpus[1]);
        pmaps[0].Remove(PmapRig.Pages(0, 1));
        rig.System.Activate(pmaps[0], rig.Cpu);
        Assert.False(rig.Access(rig.Cpu, PmapRig.Page(0), AccessKind.Read));
        rig.Touch(rig.Machine.Cpus[1], PmapRig.Page(0), AccessKind.Read, 1);
    }

    /// <summary>P32: a walker that stands outside all processors answers as the tables do, without setting a bit.</summary>
    [Fact]
    [Trait("Clause", "P32")]
    public void AViewAnswersAsTheTablesDo()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewPmap();
        PmapRig.Enter(pmap, 0, 0, Protection.Read);
        PmapRig.Enter(pmap, 1, 1, Protection.ReadExecute);
        Pmap other = rig.NewLoadedPmap();
        PmapRig.Enter(other, 0, 2, Protection.All);
        if (pmap.CreateView() is not { } view)
        {
            return;
        }

        for (int page = 0; page < 3; page++)
        {
            Protection rights = pmap.TryExtract(PmapRig.Page(page), out PmapMapping mapping) ? mapping.Rights : Protection.None;
            foreach (AccessKind access in Enum.GetValues<AccessKind>())
            {
                bool goesThrough = view.TryProbe(PmapRig.Page(page), access, PrivilegeMode.User, out ulong translation, out _);
                Assert.Equal(rights.Allows(access), goesThrough);
                Assert.True(!goesThrough || new PhysicalAddress(translation).Frame == mapping.Frame);
            }
        }

        Assert.All(pmap.Mappings(rig.All), static mapping => Assert.Equal(PmapFlags.None, mapping.Flags));
    }

    // Pages 0 to 3, loaded, fetched and stored to on every processor.
    private static void FillTlbs(PmapRig rig, Pmap pmap)
    {
        for (int page = 0; page < 4; page++)
        {
            PmapRig.Enter(pmap, page, page, Protection.All);
            foreach (Cpu cpu in rig.Machine.Cpus)
            {
                rig.Touch(cpu, PmapRig.Page(page), AccessKind.Read, page);
                rig.Touch(cpu, PmapRig.Page(page), AccessKind.Execute, page);
                rig.Touch(cpu, PmapRig.Page(page), AccessKind.Write, page);
            }
        }
    }
}
