using BsdVm.Tests.Support;

namespace BsdVm.Tests.Objects;

/// <summary>What collapse and bypass can and cannot do, counted in frames (scenarios D1 to D5 of the facts, bugs B1, B4, B7).</summary>
public class ChainTests
{
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void Fork_isolates_both_directions_and_ends_in_two_frames(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace parent = vm.NewSpace();
        vm.MapAnonymous(parent, 0, 1);
        vm.Store(parent, 0, 1);
        VmSpace child = vm.Fork(parent);
        Assert.Equal(1, vm.FramesInUse);
        vm.Store(child, 0, 2);
        Assert.Equal(1, vm.Load(parent, 0));
        vm.Store(parent, 0, 3);
        Assert.Equal(2, vm.Load(child, 0));
        Assert.Equal(2, vm.FramesInUse);
        child.Destroy();
        vm.System.CheckInvariants();
        Assert.Equal(3, vm.Load(parent, 0));
        Assert.Equal(1, vm.FramesInUse);
        parent.Destroy();
        Assert.Equal(0, vm.FramesInUse);
        Assert.Equal(0, vm.System.Pages.TableCount);
    }

    // D1: fork, write one page, page it out, child exits; again and again.
    [Theory]
    [InlineData("shadow", "corrected", 2)]
    [InlineData("amap", "corrected", 1)]
    [InlineData("shadow", "lite2", 10)]
    public void D1_a_pager_blocks_collapse_in_Lite2_only(string layer, string policy, int depthAtLeastOrMost)
    {
        const int Pages = 4;
        const int Rounds = 10;
        var vm = new TestVm(layer, policy == "lite2" ? VmPolicy.Lite2 : VmPolicy.Corrected);
        VmSpace parent = vm.NewSpace();
        vm.MapAnonymous(parent, 0, Pages);
        for (int page = 0; page < Pages; page++)
        {
            vm.Store(parent, page, (byte)page);
        }

        for (int round = 0; round < Rounds; round++)
        {
            VmSpace child = vm.Fork(parent);
            vm.Store(parent, 0, (byte)(100 + round));
            parent.Pmap.TryExtract(TestVm.Page(0), out PmapMapping mapping);
            Assert.True(vm.System.TryPageOut(mapping.Frame));
            child.Destroy();
            vm.System.CheckInvariants();
        }

        Assert.Equal(100 + Rounds - 1, vm.Load(parent, 0));
        Assert.Equal(3, vm.Load(parent, 3));
        int depth = Depth(parent.Map.First!.Object);
        if (policy == "lite2")
        {
            Assert.True(depth >= depthAtLeastOrMost, $"depth {depth}");
        }
        else
        {
            Assert.True(depth <= depthAtLeastOrMost, $"depth {depth}");
            Assert.Equal(Pages, vm.FramesInUse);
        }
    }

    // D2: three pages, fork, each side writes page 0: the page that both hide stays in the shared object, but not in UVM.
    [Theory]
    [InlineData("shadow", 5)]
    [InlineData("amap", 4)]
    public void D2_a_page_that_all_shadowers_hide_is_held_by_shadow_chains(string layer, int frames)
    {
        var vm = new TestVm(layer);
        VmSpace parent = vm.NewSpace();
        vm.MapAnonymous(parent, 0, 3);
        for (int page = 0; page < 3; page++)
        {
            vm.Store(parent, page, 7);
        }

        VmSpace child = vm.Fork(parent);
        vm.Store(parent, 0, 8);
        vm.Store(child, 0, 9);
        Assert.Equal(frames, vm.FramesInUse);
        child.Destroy();
        Assert.Equal(3, vm.FramesInUse);
        Assert.Equal(8, vm.Load(parent, 0));
        Assert.Equal(7, vm.Load(parent, 2));
    }

    [Fact]
    public void A_chain_stays_bounded_while_generations_fork_and_exit()
    {
        var vm = new TestVm();
        VmSpace current = vm.NewSpace();
        vm.MapAnonymous(current, 0, 4);
        for (int generation = 0; generation < 50; generation++)
        {
            vm.Store(current, generation % 4, (byte)generation);
            VmSpace child = vm.Fork(current);
            current.Destroy();
            current = child;
        }

        vm.Store(current, 0, 1);
        Assert.True(Depth(current.Map.First!.Object) <= 2);
        Assert.True(vm.FramesInUse <= 5, $"{vm.FramesInUse} frames");
        Assert.True(vm.System.Counters.Collapses + vm.System.Counters.Bypasses > 0 || vm.System.Objects.Count <= 2);
    }

    [Fact]
    public void Lite2_collapses_at_a_copy_and_not_at_an_exit()
    {
        var vm = new TestVm(policy: VmPolicy.Lite2);
        VmSpace parent = vm.NewSpace();
        vm.MapAnonymous(parent, 0, 2);
        vm.Store(parent, 0, 1);
        vm.Store(parent, 1, 1);
        VmSpace child = vm.Fork(parent);
        vm.Store(parent, 0, 2);
        child.Destroy();
        Assert.Equal(2, Depth(parent.Map.First!.Object));
        Assert.Equal(3, vm.FramesInUse);
        vm.Store(parent, 1, 2);
        Assert.Equal(1, Depth(parent.Map.First!.Object));
        Assert.Equal(2, vm.FramesInUse);
    }

    // B4a: a page of the backing object just behind the window must neither block a bypass nor move up.
    [Fact]
    public void A_page_outside_the_window_does_not_count()
    {
        var vm = new TestVm();
        VmSpace parent = vm.NewSpace();
        vm.MapAnonymous(parent, 0, 3);
        for (int page = 0; page < 3; page++)
        {
            vm.Store(parent, page, (byte)(page + 1));
        }

        VmSpace child = vm.Fork(parent);
        child.Map.Remove(TestVm.Pages(2, 1));
        vm.Store(child, 0, 10);
        vm.Store(child, 1, 11);
        Assert.Equal(1, vm.System.Counters.Bypasses);
        vm.System.CheckInvariants();
        Assert.Equal(3, vm.Load(parent, 2));
        Assert.Equal(10, vm.Load(child, 0));
    }

    // B1: CVE-2021-29626, the shared shadow whose other sharers kept the old page mapped.
    [Theory]
    [InlineData("shadow", false)]
    [InlineData("shadow", true)]
    [InlineData("amap", false)]
    [InlineData("amap", true)]
    public void B1_a_copy_in_a_shared_upper_layer_is_seen_by_all_sharers(string layer, bool firstExits)
    {
        var vm = new TestVm(layer);
        VmSpace first = vm.NewSpace();
        vm.MapAnonymous(first, 0, 2);
        vm.Store(first, 0, 1);
        VmSpace second = vm.Fork(first);
        second.Map.Inherit(TestVm.Pages(0, 2), VmInheritance.Share);
        Assert.Equal(1, vm.Load(second, 0));
        VmSpace third = vm.Fork(second);
        if (firstExits)
        {
            first.Destroy();
        }

        Assert.Equal(1, vm.Load(second, 0));
        vm.Store(third, 0, 9);
        Assert.Equal(9, vm.Load(second, 0));
        vm.Store(second, 1, 5);
        Assert.Equal(5, vm.Load(third, 1));
        if (!firstExits)
        {
            Assert.Equal(1, vm.Load(first, 0));
            Assert.Equal(0, vm.Load(first, 1));
        }
    }

    // A mapping that was shared by inheritance and is then inherited as a copy: the copy must not see later stores of any sharer.
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_copy_of_shared_private_memory_is_a_snapshot(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace first = vm.NewSpace();
        vm.MapAnonymous(first, 0, 2, inheritance: VmInheritance.Share);
        vm.Store(first, 0, 1);
        VmSpace second = vm.Fork(first);
        first.Map.Inherit(TestVm.Pages(0, 2), VmInheritance.Copy);
        VmSpace copy = vm.Fork(first);
        vm.Store(second, 0, 2);
        vm.Store(first, 1, 3);
        Assert.Equal(2, vm.Load(first, 0));
        Assert.Equal(3, vm.Load(second, 1));
        Assert.Equal(1, vm.Load(copy, 0));
        Assert.Equal(0, vm.Load(copy, 1));
        vm.Store(copy, 0, 4);
        Assert.Equal(2, vm.Load(second, 0));
    }

    // D4, B7: pages of an unmapped part are freed, and a new mapping there reads zeros.
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void Unmapping_a_part_frees_its_pages(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace space = vm.NewSpace();
        vm.MapAnonymous(space, 0, 4);
        for (int page = 0; page < 4; page++)
        {
            vm.Store(space, page, 1);
        }

        space.Map.Remove(TestVm.Pages(2, 2));
        Assert.Equal(2, vm.FramesInUse);
        vm.MapAnonymous(space, 2, 2);
        Assert.Equal(0, vm.Load(space, 2));
        Assert.Equal(1, vm.Load(space, 1));
    }

    private static int Depth(VmObject? top)
    {
        int depth = 0;
        for (; top is not null; top = top.Shadow)
        {
            depth++;
        }

        return depth;
    }
}
