using Xunit;

namespace BsdVm.Conformance;

public abstract partial class PmapConformance
{
    /// <summary>
    /// P34: Copy maps only what the source maps, for no more than reading and unwired, over no mapping that is there, and leaves the source
    /// alone.
    /// </summary>
    [Fact]
    [Trait("Clause", "P34")]
    public void CopyIsAdviceAndGivesNoStore()
    {
        PmapRig rig = NewRig(cpuCount: 2);
        Pmap source = rig.NewLoadedPmap();
        Pmap target = rig.NewPmap();
        for (int page = 0; page < 6; page++)
        {
            PmapRig.Enter(source, page, page, page == 1 ? Protection.Read : Protection.ReadWrite, wired: page == 2);
        }

        PmapRig.Enter(target, 3, 7, Protection.ReadWrite);
        PmapMapping[] before = [.. source.Mappings(rig.All)];

        target.Copy(source, PmapRig.Pages(0, 5));
        rig.System.Update();

        PmapRules.Check(rig);
        Assert.Equal(before, source.Mappings(rig.All));
        PmapMapping kept = PmapRig.Extract(target, PmapRig.Page(3));
        Assert.True(kept.Frame == PmapRig.Frame(7) && kept.Rights.Allows(Protection.Write));
        Assert.False(target.TryExtract(PmapRig.Page(5), out _));
        foreach (PmapMapping copy in target.Mappings(rig.All).Where(static mapping => mapping.Address != PmapRig.Page(3)))
        {
            Assert.True(source.TryExtract(copy.Address, out PmapMapping original));
            Assert.Equal((original.Frame, false), (copy.Frame, copy.Rights.Allows(Protection.Write)));
            Assert.True(original.Rights.Allows(copy.Rights));
            Assert.Equal(default, copy.Flags & PmapFlags.Wired);
        }
    }
}
