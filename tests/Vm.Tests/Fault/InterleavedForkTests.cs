using BsdVm.Tests.Support;

namespace BsdVm.Tests.Fault;

/// <summary>
/// Forks around the transfer of a file's page: at each time, in each order of the ready list, with every rule checked after each step.
/// </summary>
public class InterleavedForkTests
{
    public static TheoryData<string, bool, bool> Accesses => InterleavedFaultTests.Accesses;

    [Theory]
    [MemberData(nameof(Accesses))]
    public void A_fork_meanwhile_keeps_parent_and_child_apart(string layer, bool shared, bool stores)
    {
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace parent = world.Map(shared);
            AsyncWorld.Outcome fault = world.Fault(parent, 1, stores ? AccessKind.Write : AccessKind.Read);
            VmSpace? child = null;
            AsyncWorld.Outcome? childs = null;
            world.AtAnyTime(() =>
            {
                Assert.Equal(VmStatus.Success, parent.TryFork(eager: false, out child));
                childs = world.Fault(child!, 1, AccessKind.Write);
            });
            world.Run();
            Assert.Equal((VmStatus.Success, VmStatus.Success), (fault.Status, childs!.Status));
            Assert.Equal(1, world.Reads.ReadCount);

            world.Vm.Store(parent, 1, 9);
            Assert.Equal(shared ? 9 : AsyncWorld.Fill, world.Vm.Load(child!, 1));
            world.Vm.Store(child!, 1, 8);
            Assert.Equal(shared ? 8 : 9, world.Vm.Load(parent, 1));
        });
    }

    // The copy of a shared mapping is of one moment: what is on its way then belongs to it, and faults that run while fork waits may fill
    // pages that it has passed already.
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_fork_that_copies_waits_for_pages_on_their_way(string layer)
    {
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace parent = world.Map(shared: true);
            parent.Map.Inherit(TestVm.Pages(0, AsyncWorld.FilePages), VmInheritance.Copy);
            VmObject anonymous = world.Vm.System.CreateAnonymousObject(4 * 4096);
            Assert.Equal(VmStatus.Success, parent.Map.Insert(new VmMapRequest
            {
                Range = TestVm.Pages(-8, 4),
                Protection = Protection.ReadWrite,
                IsShared = true,
                Object = anonymous,
            }));
            AsyncWorld.Outcome fault = world.Fault(parent, 1, AccessKind.Write);
            AsyncWorld.Outcome below = world.Fault(parent, -7, AccessKind.Write);
            VmSpace? child = null;
            world.AtAnyTime(() => Assert.Equal(VmStatus.Success, parent.TryFork(eager: false, out child)));
            world.Run();
            Assert.Equal((VmStatus.Success, VmStatus.Success), (fault.Status, below.Status));
            for (int page = 0; page < AsyncWorld.FilePages; page++)
            {
                world.Vm.Store(parent, page, 9);
                Assert.Equal(AsyncWorld.Fill, world.Vm.Load(child!, page));
            }

            world.Vm.System.ReleaseObject(anonymous);
            world.Vm.System.CheckInvariants();
        });
    }

    // B9: of two pages that the fork must copy, the first goes again while the second comes. Both are copied all the same.
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_fork_copies_what_is_there_when_the_last_page_has_come(string layer)
    {
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace parent = world.Map(shared: true);
            parent.Map.Inherit(TestVm.Pages(0, 2), VmInheritance.Copy);
            world.AtAnyTime(() =>
            {
                world.File.Truncate(0);
                world.File.ExtendTo(AsyncWorld.FilePages * PageSize.BaseBytes);
            });
            VmSpace child = world.Vm.Fork(parent);
            world.Run();
            (byte First, byte Second) copied = (world.Vm.Load(child, 0), world.Vm.Load(child, 1));

            world.Vm.Store(parent, 0, 9);
            world.Vm.Store(parent, 1, 9);

            Assert.Equal(copied, (world.Vm.Load(child, 0), world.Vm.Load(child, 1)));
            Assert.True(copied.First is 0 or AsyncWorld.Fill && copied.Second is 0 or AsyncWorld.Fill);
        });
    }
}
