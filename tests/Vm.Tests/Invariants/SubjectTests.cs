using BsdVm.Snapshots;
using BsdVm.Tests.Support;

namespace BsdVm.Tests.Invariants;

/// <summary>A violation says of its subject what a snapshot says of it.</summary>
public class SubjectTests
{
    private readonly TestVm _vm = new("amap");
    private readonly VmSpace _space;
    private readonly Vnode _file;

    public SubjectTests()
    {
        _space = _vm.NewSpace();
        _file = _vm.System.CreateVnode("f", 3 * PageSize.BaseBytes, 7);
        _vm.MapFile(_space, 0, 2, _file, shared: true);
        _vm.MapAnonymous(_space, 4, 2);
        Assert.Equal(7, _vm.Load(_space, 0));
        Assert.True(_vm.Store(_space, 4, 1));
    }

    [Fact]
    public void An_entry()
    {
        VmMapEntry entry = _space.Map.First!;
        entry.MaxProtection = Protection.Read;
        Assert.Equal("entry 10000000-10002000: rw-, shared, object 1 + 0x0", Told("MAP-RIGHTS"));
        Assert.Equal(_space.Map.Snapshot().Entries[0].ToString(), Told("MAP-RIGHTS"));
    }

    [Fact]
    public void An_object()
    {
        _file.Object.RefCount++;
        Assert.Equal("object 1: file f, 12288 bytes, 2 references", Told("OBJ-REFS"));
        Assert.Equal(_file.Object.Snapshot().ToString(), Told("OBJ-REFS"));
    }

    [Fact]
    public void A_page_of_an_object()
    {
        Assert.True(_file.Object.TryGetPage(0, out PageFrameNumber frame));
        _vm.System.Machine.Memory.Write8(frame.Address, 0xEE);
        Assert.Equal("page 0 of object 1: file f, 12288 bytes, 1 references", Told("PAGE-CLEAN"));
    }

    [Fact]
    public void A_frame()
    {
        Assert.True(_file.Object.TryGetPage(0, out PageFrameNumber frame));
        _vm.System.Pages[frame].Anon = 7;
        VmPageSnapshot seen = _vm.System.Snapshot().Pages.InUse.Single(page => page.Frame == frame);
        Assert.Equal($"frame {frame}: object, 1 mappings, 0 wirings", seen.ToString());
        Assert.Equal((seen with { MappingCount = null }).ToString(), Told("PAGE-USE"));
    }

    [Fact]
    public void An_amap()
    {
        Amap amap = _space.Map.Lookup(TestVm.Page(4))!.Amap!;
        amap.RefCount++;
        Assert.Equal(_vm.System.Snapshot().Amaps[0].ToString(), Told("AMAP-REFS"));
        Assert.Equal($"amap {amap.Id}, 2 entries", Told("AMAP-REFS"));
    }

    [Fact]
    public void An_anon()
    {
        AnonSnapshot anon = _vm.System.Snapshot().Amaps[0].Slots[0].Anon;
        Assert.NotNull(anon.Frame);
        _vm.System.Pages[anon.Frame.Value].Anon++;
        Assert.Equal($"anon {anon.Id}, 1 references, frame {anon.Frame}", Told("ANON-REFS"));
        Assert.Equal(anon.ToString(), Told("ANON-REFS"));
    }

    private string Told(string rule)
    {
        var violation = Assert.Throws<InvariantViolationException>(_vm.System.CheckInvariants);
        Assert.Equal(rule, violation.Rule);
        return violation.Subject;
    }
}
