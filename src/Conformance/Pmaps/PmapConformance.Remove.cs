using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>P8: after Remove and Update nothing in the range is mapped or reachable, wired or not, and everything else is.</summary>
    [Fact]
    [Trait("Clause", "P8")]
    public void RemoveTakesTheRangeAndNothingElse()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        Pmap pmap = rig.NewLoadedPmap();
        for (int page = 0; page < 8; page++)
        {
            PmapRig.Enter(pmap, page, page, wired: page % 3 == 0);
            rig.Touch(rig.Machine.Cpus[page % 2], PmapRig.Page(page), AccessKind.Write, page);
        }

        pmap.Remove(PmapRig.Pages(2, 5));
        pmap.Remove(PmapRig.Pages(2, 5));
        pmap.Remove(PmapRig.Pages(0, 0));
        rig.System.Update();

        PmapRules.Check(rig);
        Assert.Equal((3L, 1L), (pmap.ResidentCount, pmap.WiredCount));
        for (int page = 0; page < 8; page++)
        {
            bool isGone = page is >= 2 and < 7;
            Assert.Equal(!isGone, rig.System.IsMapped(PmapRig.Frame(page)));
            if (isGone)
            {
                rig.AssertUnreachable(PmapRig.Page(page));
            }
            else
            {
                rig.Store(PmapRig.Page(page), page);
            }
        }
    }

    /// <summary>
    /// P9: ranges with little in them are cheap: two mappings at the far ends of the space are found without a visit to each page.
    /// </summary>
    [Fact]
    [Trait("Clause", "P9")]
    public void SparseRangesAreCheap()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, rig.Corners[0], 0, Protection.ReadWrite);
        PmapRig.Enter(pmap, rig.Corners[^1], 1, Protection.ReadWrite);
        long before = rig.System.Counters.TableReferences;

        Assert.Equal(2, pmap.Mappings(rig.All).Count());
        pmap.Protect(rig.All, Protection.Read);
        pmap.Remove(rig.All);

        Assert.Equal(0, pmap.ResidentCount);
        Assert.InRange(rig.System.Counters.TableReferences - before, 0, 100_000);
    }

    /// <summary>P10: Protect takes away every right that is not named, adds none, and without any left removes.</summary>
    [Fact]
    [Trait("Clause", "P10")]
    public void ProtectTakesRightsAndNeverGivesOne()
    {
        for (Protection had = Protection.Read; had <= Protection.All; had++)
        {
            for (Protection left = Protection.None; left <= Protection.All; left++)
            {
                CheckProtect(had, left, static (rig, pmap, left) => pmap.Protect(PmapRig.Pages(0, 1), left));
            }
        }
    }

    /// <summary>P11: Protect keeps modified bits and wiring, passes over pages that are not mapped, and takes no table frame.</summary>
    [Fact]
    [Trait("Clause", "P11")]
    public void ProtectKeepsBitsAndTakesNoFrame()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0, wired: true);
        PmapRig.Enter(pmap, 2, 2);
        rig.Store(PmapRig.Page(0), 0);
        int requests = rig.Source.RequestCount;

        pmap.Protect(rig.All, Protection.Read);
        rig.System.Update();

        PmapRules.Check(rig);
        Assert.Equal((2L, 1L, requests), (pmap.ResidentCount, pmap.WiredCount, rig.Source.RequestCount));
        Assert.Equal(PmapFlags.Wired | PmapFlags.Modified, PmapRig.Extract(pmap, PmapRig.Page(0)).Flags & ~PmapFlags.Referenced);
        Assert.Equal((true, false), (rig.System.IsModified(PmapRig.Frame(0)), rig.System.IsModified(PmapRig.Frame(2))));
        Assert.False(pmap.TryExtract(PmapRig.Page(1), out _));
    }

    private void CheckProtect(Protection had, Protection left, Action<PmapRig, Pmap, Protection> protect)
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0, had);
        PmapRig.Enter(pmap, 1, 1, had);
        Protection given = rig.Capabilities.Express(had);
        foreach (AccessKind access in Enum.GetValues<AccessKind>())
        {
            // What the TLBs hold from before must not outlive the update.
            rig.Access(rig.Cpu, PmapRig.Page(0), access);
        }

        protect(rig, pmap, left);
        rig.System.Update();

        PmapRules.Check(rig);
        Protection expected = rig.Capabilities.Express(given & left);
        string what = $"{given} lowered to {left}";
        Assert.True(given.Allows(expected), what);
        Assert.True(expected == (pmap.TryExtract(PmapRig.Page(0), out PmapMapping mapping) ? mapping.Rights : Protection.None), what);
        Assert.Equal(given, PmapRig.Extract(pmap, PmapRig.Page(1)).Rights);
        foreach (AccessKind access in Enum.GetValues<AccessKind>())
        {
            Assert.True(expected.Allows(access) == rig.Access(rig.Cpu, PmapRig.Page(0), access), $"{what}: {access}");
        }
    }
}
