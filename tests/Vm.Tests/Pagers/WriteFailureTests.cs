using BsdVm.Tests.Support;

namespace BsdVm.Tests.Pagers;

/// <summary>A page that its pager does not take stays in memory, and dirty: nothing else has its bytes.</summary>
public class WriteFailureTests
{
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_page_that_cannot_be_written_stays(string layer)
    {
        var pager = new RefusingPager();
        var vm = new TestVm(layer, pager: () => pager);
        VmSpace space = vm.NewSpace();
        vm.MapAnonymous(space, 0, 1);
        vm.Store(space, 0, 7);
        Assert.True(space.Pmap.TryExtract(TestVm.Page(0), out PmapMapping mapping));

        pager.Refuses = true;
        Assert.False(vm.System.TryPageOut(mapping.Frame));
        Assert.Equal((0, 0), (vm.System.Counters.PageOut, vm.System.StoredPageCount));
        Assert.Equal(1, vm.FramesInUse);
        Assert.True(vm.System.IsDirty(mapping.Frame));
        vm.System.CheckInvariants();
        Assert.Equal(7, vm.Load(space, 0));

        pager.Refuses = false;
        Assert.True(vm.System.TryPageOut(mapping.Frame));
        Assert.Equal((1, 1), (vm.System.Counters.PageOut, vm.System.StoredPageCount));
        Assert.Equal(0, vm.FramesInUse);
        Assert.Equal(7, vm.Load(space, 0));
        space.Destroy();
        Assert.Equal(0, vm.System.StoredPageCount);
    }

    private sealed class RefusingPager : AnonymousPager
    {
        public bool Refuses { get; set; }

        public override PagerStatus PutPage(ulong index, PhysicalMemory memory, PageFrameNumber frame) =>
            Refuses ? PagerStatus.Error : base.PutPage(index, memory, frame);
    }
}
