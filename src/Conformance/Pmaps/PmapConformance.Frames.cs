using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>P24: once Prepare has succeeded for an address, Enter there succeeds with no frame left.</summary>
    [Fact]
    [Trait("Clause", "P24")]
    public void APreparedEnterCannotFail()
    {
        PmapRig rig = NewRig();
        Pmap pmap = rig.NewLoadedPmap();
        Assert.All(rig.Corners, corner => Assert.Equal(PmapStatus.Success, pmap.Prepare(corner)));
        Assert.Equal(0, pmap.ResidentCount);
        rig.Source.IsExhausted = true;

        for (int corner = 0; corner < rig.Corners.Count; corner++)
        {
            PmapRig.Enter(pmap, rig.Corners[corner], corner, Protection.ReadWrite);
            rig.Store(rig.Corners[corner], corner);
        }

        PmapRules.Check(rig);
    }

    /// <summary>
    /// P25: if any request for a table frame is refused, be it the first or a later one, nothing has changed and no frame is lost.
    /// </summary>
    [Fact]
    [Trait("Clause", "P25")]
    public void AShortageChangesNothing()
    {
        foreach (VirtualAddress address in NewRig().Corners)
        {
            FailEachRequest(pmap => pmap.Enter(address, PmapRig.Frame(1), Protection.ReadWrite, null, wired: false));
            FailEachRequest(pmap => pmap.Prepare(address));
        }
    }

    /// <summary>P26: if a request for the first frames of a new pmap is refused, there is no pmap and no frame is lost.</summary>
    [Fact]
    [Trait("Clause", "P26")]
    public void AShortageMakesNoPmap()
    {
        PmapRig rig = NewRig();
        Pmap first = rig.NewPmap();
        for (int number = 1; ; number++)
        {
            int used = rig.Source.UsedCount;
            int requests = rig.Source.RequestCount;
            rig.Source.FailRequest(number);
            bool made = rig.System.TryCreate(out Pmap? pmap);
            if (rig.Source.RequestCount - requests < number)
            {
                Assert.True(made, "No request was refused, and there is no pmap.");
                Assert.NotEqual(first.Id, pmap!.Id);
                return;
            }

            Assert.False(made, "A pmap without the frames that it asked for.");
            Assert.Equal((used, 1), (rig.Source.UsedCount, rig.System.Pmaps.Count()));
        }
    }

    /// <summary>P27: Destroy ends all mappings, wired ones too, drops them from all TLBs and gives every frame back.</summary>
    [Fact]
    [Trait("Clause", "P27")]
    public void DestroyGivesEverythingBack()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        for (int round = 0; round < 3; round++)
        {
            Pmap pmap = rig.NewLoadedPmap();
            Assert.Equal(0, pmap.ResidentCount);
            Assert.Empty(pmap.Mappings(rig.All));
            for (int corner = 0; corner < rig.Corners.Count; corner++)
            {
                PmapRig.Enter(pmap, rig.Corners[corner], corner, Protection.ReadWrite, wired: corner % 2 == 0);
                rig.Touch(rig.Machine.Cpus[corner % 2], rig.Corners[corner], AccessKind.Write, corner);
            }

            Assert.Equal(PmapStatus.Success, pmap.Prepare(PmapRig.Page(0)));
            Assert.Equal(
                (pmap.TableFrames, (long)rig.Source.UsedCount), (rig.System.Counters.TableFrames, rig.System.Counters.TableFrames));
            rig.System.Destroy(pmap);

            Assert.Equal((0, 0L, 0), (rig.Source.UsedCount, rig.System.Counters.TableFrames, rig.System.PvEntryCount));
            Assert.Empty(rig.System.Pmaps);
            Assert.Null(rig.System.LoadedOn(rig.Cpu));
            PmapRules.Check(rig);
        }
    }

    private void FailEachRequest(Func<Pmap, PmapStatus> attempt)
    {
        for (int number = 1; ; number++)
        {
            PmapRig rig = NewRig();
            Pmap pmap = rig.NewLoadedPmap();
            PmapRig.Enter(pmap, 0, 0);
            (int Used, long Tables, int Requests) before = (rig.Source.UsedCount, pmap.TableFrames, rig.Source.RequestCount);
            List<PmapMapping> mappings = [.. pmap.Mappings(rig.All)];
            rig.Source.FailRequest(number);

            PmapStatus status = attempt(pmap);
            if (rig.Source.RequestCount - before.Requests < number)
            {
                Assert.Equal(PmapStatus.Success, status);
                return;
            }

            Assert.Equal(PmapStatus.ResourceShortage, status);
            Assert.Equal((before.Used, before.Tables), (rig.Source.UsedCount, pmap.TableFrames));
            Assert.Equal(mappings, pmap.Mappings(rig.All));
            PmapRules.Check(rig);
            Assert.Equal(PmapStatus.Success, attempt(pmap));
            rig.Store(PmapRig.Page(0), 0);
        }
    }
}
