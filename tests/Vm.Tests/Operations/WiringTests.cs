using BsdVm.Tests.Support;

namespace BsdVm.Tests.Operations;

/// <summary>Locked memory keeps its mappings through copies, moves and failures.</summary>
public class WiringTests
{
    public static TheoryData<string> Layers => new() { "shadow", "amap" };

    // B10: a sharer has the old page locked when another one's store puts a new page in front of it.
    [Theory]
    [InlineData("shadow", Protection.Read)]
    [InlineData("shadow", Protection.Execute)]
    [InlineData("amap", Protection.Read)]
    [InlineData("amap", Protection.Execute)]
    public void A_locked_sharer_gets_the_copy_at_once(string layer, Protection rights)
    {
        var vm = new TestVm(layer, backend: new ReferenceBackend());
        (VmSpace writer, VmSpace sharer, Vnode file) = BuildSharers(vm);
        Assert.Equal(VmStatus.Success, sharer.Map.Protect(TestVm.Pages(0, 1), rights));
        Assert.Equal(VmStatus.Success, sharer.Map.Wire(TestVm.Pages(0, 1)));
        Assert.True(file.Object.TryGetPage(0, out PageFrameNumber old));
        Assert.Equal(1, vm.System.Pages.WireCountOf(old));

        Assert.True(vm.Store(writer, 0, 9));

        Assert.True(sharer.Pmap.TryExtract(TestVm.Page(0), out PmapMapping mapping));
        Assert.Equal((PmapFlags.Wired, rights), (mapping.Flags & PmapFlags.Wired, mapping.Rights));
        Assert.NotEqual(old, mapping.Frame);
        Assert.Equal((0, 1), (vm.System.Pages.WireCountOf(old), vm.System.Pages.WireCountOf(mapping.Frame)));
        Assert.Equal(9, vm.System.Machine.Memory.Read8(mapping.Frame.Address));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Locked_pages_move_with_their_frames(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace space = vm.NewSpace();
        vm.MapAnonymous(space, 0, 4);
        Assert.Equal(VmStatus.Success, space.Map.Wire(TestVm.Pages(0, 4)));
        vm.Store(space, 2, 7);
        long faults = vm.System.Counters.Faults;
        space.Pmap.TryExtract(TestVm.Page(2), out PmapMapping old);

        Assert.Equal(VmStatus.Success, space.Map.Move(TestVm.Pages(0, 4), TestVm.Page(5000)));

        vm.System.CheckInvariants();
        Assert.True(space.Pmap.TryExtract(TestVm.Page(5002), out PmapMapping moved));
        Assert.Equal((old.Frame, PmapFlags.Wired), (moved.Frame, moved.Flags & PmapFlags.Wired));
        Assert.Equal((faults, 4), (vm.System.Counters.Faults, vm.System.Pages.WiredCount));
        Assert.Equal(7, vm.Load(space, 5002));
        Assert.False(vm.CanLoad(space, 2));
    }

    // The target needs tables: whichever frame for them is missing, all stays where it was.
    [Theory]
    [MemberData(nameof(Layers))]
    public void A_move_without_frames_for_tables_moves_nothing(string layer)
    {
        int failures = 0;
        for (int request = 1; ; request++)
        {
            FailingFrameAllocator? frames = null;
            var vm = new TestVm(layer, decorate: inner => frames = new FailingFrameAllocator(inner));
            VmSpace space = vm.NewSpace();
            vm.MapAnonymous(space, 0, 2);
            vm.Store(space, 1, 7);
            Assert.Equal(VmStatus.Success, space.Map.Wire(TestVm.Pages(0, 2)));
            frames!.FailRequest = frames.RequestCount + request;

            // Its two pages lie in two tables.
            VmStatus status = space.Map.Move(TestVm.Pages(0, 2), TestVm.Page((512 * 200) - 1));

            vm.System.CheckInvariants();
            if (status == VmStatus.Success)
            {
                Assert.True(frames.RequestCount < frames.FailRequest);
                break;
            }

            failures++;
            Assert.Equal((VmStatus.ResourceShortage, 2L, 2), (status, space.Pmap.WiredCount, vm.System.Pages.WiredCount));
            Assert.Equal(7, vm.Load(space, 1));
            Assert.False(vm.CanLoad(space, 512 * 200));
        }

        Assert.Equal(2, failures);
    }

    // B55b: what this call locked is unlocked again, what was locked before stays so.
    [Theory]
    [MemberData(nameof(Layers))]
    public void A_failed_lock_takes_back_its_own_only(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace space = vm.NewSpace();
        vm.MapAnonymous(space, 0, 1);
        Vnode file = vm.System.CreateVnode("f", 4096, 5);
        vm.MapFile(space, 1, 1, file, shared: false);
        Assert.Equal(VmStatus.Success, space.Map.Wire(TestVm.Pages(0, 1)));
        file.DecoratePager(static inner => new FailingPager(inner) { FailRead = 1 });

        Assert.Equal(VmStatus.PagerError, space.Map.Wire(TestVm.Pages(0, 2)));

        vm.System.CheckInvariants();
        Assert.Equal((true, false), (space.Map.Lookup(TestVm.Page(0))!.IsWired, space.Map.Lookup(TestVm.Page(1))!.IsWired));
        Assert.Equal(1, space.Pmap.WiredCount);
    }

    // Two spaces that reach one upper layer over a file's page that nobody wrote.
    private static (VmSpace Writer, VmSpace Sharer, Vnode File) BuildSharers(TestVm vm)
    {
        VmSpace writer = vm.NewSpace();
        Vnode file = vm.System.CreateVnode("f", 4096, 5);
        vm.MapFile(writer, 0, 1, file, shared: false);
        writer.Map.Inherit(TestVm.Pages(0, 1), VmInheritance.Share);
        return (writer, vm.Fork(writer), file);
    }
}
