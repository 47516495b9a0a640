using BsdVm.Tests.Support;

namespace BsdVm.Tests.Objects;

/// <summary>Collapse takes pages over that are with the pager, at the index where the shadow looks for them (B4b).</summary>
public class StoredPageTests
{
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_page_put_out_is_found_through_a_shadow_that_begins_behind_it(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace parent = vm.NewSpace();
        vm.MapAnonymous(parent, 0, 5);
        for (int page = 0; page < 5; page++)
        {
            vm.Store(parent, page, (byte)(10 + page));
        }

        VmSpace child = vm.Fork(parent);
        child.Map.Remove(TestVm.Pages(0, 2));
        vm.Store(child, 2, 99);
        foreach (int page in (int[])[0, 3, 4])
        {
            parent.Pmap.TryExtract(TestVm.Page(page), out PmapMapping mapping);
            Assert.True(vm.System.TryPageOut(mapping.Frame));
        }

        parent.Destroy();

        Assert.Equal(layer == "shadow" ? 1 : 0, vm.System.Counters.Collapses);
        Assert.Equal([99, 13, 14], new[] { vm.Load(child, 2), vm.Load(child, 3), vm.Load(child, 4) }.Select(static value => (int)value));
        Assert.Equal(3, vm.FramesInUse);
    }
}
