using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>
    /// P22: the counts are those of the mappings, and wiring changes nothing but itself; without a mapping it is the caller's mistake.
    /// </summary>
    [Fact]
    [Trait("Clause", "P22")]
    public void WiringIsCountedAndRemovesNothing()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        PmapRig.Enter(pmap, 0, 0);
        PmapRig.Enter(pmap, 1, 1, wired: true);
        rig.Store(PmapRig.Page(0), 0);

        (int Page, bool Wired, long Count)[] steps = [(0, true, 2), (0, true, 2), (1, false, 1), (1, false, 1), (0, false, 0)];
        foreach ((int page, bool wired, long count) in steps)
        {
            pmap.ChangeWiring(PmapRig.Page(page), wired);
            rig.System.Update();
            Assert.Equal((2L, count), (pmap.ResidentCount, pmap.WiredCount));
            PmapRules.Check(rig);
        }

        Assert.Equal(PmapFlags.Modified, PmapRig.Extract(pmap, PmapRig.Page(0)).Flags & ~PmapFlags.Referenced);
        rig.Store(PmapRig.Page(1), 1);
        Assert.Throws<ArgumentException>(() => pmap.ChangeWiring(PmapRig.Page(2), wired: true));
    }

    /// <summary>
    /// P23: Collect forgets every unwired mapping and keeps every wired one with its bits; what it keeps of tables is what a new pmap with
    /// the wired mappings would need.
    /// </summary>
    [Fact]
    [Trait("Clause", "P23")]
    public void CollectKeepsWhatIsWired()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        Pmap pmap = rig.NewLoadedPmap();
        Pmap fresh = rig.NewPmap();
        long bare = fresh.TableFrames;
        for (int corner = 0; corner < rig.Corners.Count; corner++)
        {
            bool wired = corner is 2 or 5;
            PmapRig.Enter(pmap, rig.Corners[corner], corner, Protection.ReadWrite, wired: wired);
            rig.Touch(rig.Machine.Cpus[corner % 2], rig.Corners[corner], AccessKind.Write, corner);
            if (wired)
            {
                PmapRig.Enter(fresh, rig.Corners[corner], corner, Protection.ReadWrite, wired: true);
            }
        }

        pmap.Collect();
        rig.System.Update();
        PmapRules.Check(rig);
        Assert.Equal((2L, 2L, fresh.TableFrames), (pmap.ResidentCount, pmap.WiredCount, pmap.TableFrames));
        for (int corner = 0; corner < rig.Corners.Count; corner++)
        {
            Assert.True(rig.System.IsModified(PmapRig.Frame(corner)));
            if (corner is 2 or 5)
            {
                Assert.Equal(PmapFlags.Modified, PmapRig.Extract(pmap, rig.Corners[corner]).Flags & PmapFlags.Modified);
                rig.Store(rig.Corners[corner], corner);
            }
            else
            {
                rig.AssertUnreachable(rig.Corners[corner]);
            }
        }

        pmap.ChangeWiring(rig.Corners[2], wired: false);
        pmap.ChangeWiring(rig.Corners[5], wired: false);
        pmap.Collect();
        Assert.Equal((0L, bare), (pmap.ResidentCount, pmap.TableFrames));
    }
}
