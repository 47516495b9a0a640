using BsdVm.Tests.Support;

namespace BsdVm.Tests.Fault;

/// <summary>
/// Faults that wait for a file's page while their address space changes, ends or forks: for each anonymous layer, at each time around the
/// transfer, in each order of the ready list, with every rule checked after each step.
/// </summary>
public class InterleavedSpaceTests
{
    public static TheoryData<string, bool, bool> Accesses => InterleavedFaultTests.Accesses;

    [Theory]
    [MemberData(nameof(Accesses))]
    public void An_address_unmapped_meanwhile_is_invalid(string layer, bool shared, bool stores)
    {
        var seen = new HashSet<VmStatus>();
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace space = world.Map(shared);
            VmSpace other = world.Map(shared);
            int objects = world.Vm.System.Objects.Count;
            AsyncWorld.Outcome fault = world.Fault(space, 1, stores ? AccessKind.Write : AccessKind.Read);
            AsyncWorld.Outcome others = world.Fault(other, 1, AccessKind.Read);
            bool wasThere = false;
            world.AtAnyTime(() =>
            {
                wasThere = space.Pmap.TryExtract(TestVm.Page(1), out _);
                space.Map.Remove(TestVm.Pages(0, AsyncWorld.FilePages));
            });
            world.Run();
            seen.Add(fault.Status);
            Assert.Equal((wasThere ? VmStatus.Success : VmStatus.InvalidAddress, VmStatus.Success), (fault.Status, others.Status));
            Assert.False(world.Vm.CanLoad(space, 1));
            Assert.Equal(AsyncWorld.Fill, world.Vm.Load(other, 1));
            Assert.Equal((objects, 1, 0L), (world.Vm.System.Objects.Count, world.Vm.FramesInUse, space.Pmap.ResidentCount));
        });
        Assert.Equal([VmStatus.Success, VmStatus.InvalidAddress], seen.Order());
    }

    [Theory]
    [MemberData(nameof(Accesses))]
    public void A_space_may_end_while_it_waits(string layer, bool shared, bool stores)
    {
        var seen = new HashSet<VmStatus>();
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace space = world.Map(shared);
            AsyncWorld.Outcome fault = world.Fault(space, 1, stores ? AccessKind.Write : AccessKind.Read);
            world.AtAnyTime(space.Destroy);
            world.Run();
            seen.Add(fault.Status);
            Assert.Empty(world.Vm.System.Spaces);
            Assert.Equal((1, 0), (world.Vm.System.Objects.Count, world.File.Object.RefCount));

            // All that is left is the file's page, if the transfer ever began.
            Assert.Equal(world.File.Object.ResidentCount, world.Vm.FramesInUse);
            Assert.Equal(AsyncWorld.Fill, world.Vm.Load(world.Map(shared: true), 1));
        });
        Assert.Equal([VmStatus.Success, VmStatus.InvalidAddress], seen.Order());
    }

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
            Assert.Equal(1, world.File.Pager.ReadCount);

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
}
