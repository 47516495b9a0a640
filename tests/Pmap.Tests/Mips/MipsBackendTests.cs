namespace BsdVm.Tests.Mips;

/// <summary>Shortages that only grown tables meet, and the host's index of pages.</summary>
public class MipsBackendTests
{
    // Every request for a frame is refused once while a table grows: nothing changes, and the second attempt succeeds.
    [Theory]
    [InlineData("hashed")]
    [InlineData("clustered:4")]
    [InlineData("inverted")]
    [InlineData("guarded:4")]
    [InlineData("guarded:9")]
    [InlineData("cuckoo")]
    public void AGrowingTableSurvivesEveryShortage(string name)
    {
        var rig = new MipsRig(name);
        List<ulong> pages = MipsRig.RandomPages(12, 900, 36);
        int refused = 0;
        foreach ((int number, ulong page) in pages.Index())
        {
            // Half of the frames are mapped twice, so that the inverted table needs alias entries.
            PageFrameNumber frame = MipsRig.Frame(number / 2);
            for (int request = 1; ; request++)
            {
                (int used, long bytes, int requests) = (rig.Frames.UsedCount, rig.System.Counters.TableBytes, rig.Frames.RequestCount);
                rig.Frames.FailRequest(request);
                PmapStatus status = rig.Pmap.Enter(MipsRig.Page(page), frame, Protection.Read, null, wired: false);
                if (rig.Frames.RequestCount - requests < request)
                {
                    Assert.Equal(PmapStatus.Success, status);
                    break;
                }

                refused++;
                Assert.Equal((PmapStatus.ResourceShortage, used, bytes), (status, rig.Frames.UsedCount, rig.System.Counters.TableBytes));
                Assert.False(rig.Pmap.TryExtract(MipsRig.Page(page), out _));
            }
        }

        Assert.True(refused > 1, $"{refused}");
        foreach ((int number, ulong page) in pages.Index())
        {
            Assert.Equal(MipsRig.Frame(number / 2).Value, rig.Walk(page));
        }

        rig.System.Destroy(rig.Pmap);
        Assert.Equal((0, 0L, 0L), (rig.Frames.UsedCount, rig.System.Counters.TableBytes, rig.System.Counters.TableFrames));
    }

    [Fact]
    public void PageIndexIsASortedSet()
    {
        var random = new Random(13);
        var index = new PageIndex();
        var model = new SortedSet<ulong>();
        for (int step = 0; step < 20000; step++)
        {
            ulong page = random.Next(3) == 0 ? (ulong)random.NextInt64(1L << 50) : (ulong)random.Next(3000);
            switch (random.Next(4))
            {
                case 0 when model.Count > 0:
                    page = random.Next(2) == 0 ? model.GetViewBetween(page, ulong.MaxValue).FirstOrDefault(page) : page;
                    index.Remove(page);
                    model.Remove(page);
                    break;
                case 1:
                    ulong? expected = model.GetViewBetween(page, ulong.MaxValue).Cast<ulong?>().FirstOrDefault();
                    Assert.Equal(expected, index.TryNext(page, out ulong next) ? next : null);
                    break;
                default:
                    index.Add(page);
                    model.Add(page);
                    break;
            }

            Assert.Equal(model.Count, index.Count);
        }

        List<ulong> all = [];
        for (ulong from = 0; index.TryNext(from, out ulong page); from = page + 1)
        {
            all.Add(page);
        }

        Assert.Equal(model, all);
    }
}
