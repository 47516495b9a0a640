using BsdVm.Tests.Support;

namespace BsdVm.Tests.Fault;

/// <summary>
/// Faults that wait for a file's page while something else happens to it or its file: for each anonymous layer, at each time around the
/// transfer, in each order of the ready list, with every rule checked after each step.
/// </summary>
public class InterleavedFaultTests
{
    public static TheoryData<string, bool> Mappings => new()
    {
        { "shadow", false },
        { "shadow", true },
        { "amap", false },
        { "amap", true },
    };

    public static TheoryData<string, bool, bool> Accesses => new()
    {
        { "shadow", false, false },
        { "shadow", false, true },
        { "shadow", true, false },
        { "shadow", true, true },
        { "amap", false, false },
        { "amap", false, true },
        { "amap", true, false },
        { "amap", true, true },
    };

    [Theory]
    [MemberData(nameof(Accesses))]
    public void Two_faults_on_one_page_wait_for_one_transfer(string layer, bool shared, bool stores)
    {
        int runs = Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace[] spaces = [world.Map(shared), world.Map(shared: true)];
            AsyncWorld.Outcome first = world.Fault(spaces[0], 1, stores ? AccessKind.Write : AccessKind.Read);
            AsyncWorld.Outcome same = world.Fault(spaces[0], 1, AccessKind.Read);
            AsyncWorld.Outcome other = world.Fault(spaces[1], 1, AccessKind.Write);
            world.Run();
            Assert.Equal([VmStatus.Success, VmStatus.Success, VmStatus.Success], [first.Status, same.Status, other.Status]);
            Assert.Equal(1, world.Reads.ReadCount);
            Assert.All(spaces, space => Assert.Equal(AsyncWorld.Fill, world.Vm.Load(space, 1)));

            // A store through the shared mapping is seen by the other one, unless that has its own copy by now.
            world.Vm.Store(spaces[1], 1, 9);
            Assert.Equal(stores && !shared ? AsyncWorld.Fill : 9, world.Vm.Load(spaces[0], 1));
        });
        Assert.InRange(runs, 6, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Accesses))]
    public void A_file_that_is_cut_off_meanwhile_has_no_such_page(string layer, bool shared, bool stores)
    {
        var seen = new HashSet<VmStatus>();
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace space = world.Map(shared);
            AsyncWorld.Outcome fault = world.Fault(space, 1, stores ? AccessKind.Write : AccessKind.Read);
            bool wasThere = false;
            world.AtAnyTime(() =>
            {
                wasThere = space.Pmap.TryExtract(TestVm.Page(1), out _);
                world.File.Truncate(4096);
            });
            world.Run();
            seen.Add(fault.Status);
            Assert.Equal(wasThere ? VmStatus.Success : VmStatus.OutOfRange, fault.Status);
            Assert.False(world.File.Object.TryGetPage(1, out _));

            // A private copy outlives the file's page; nothing else does.
            Assert.Equal(wasThere && stores && !shared, world.Vm.CanLoad(space, 1));
            Assert.Equal(AsyncWorld.Fill, world.Vm.Load(space, 0));
        });
        Assert.Equal([VmStatus.Success, VmStatus.OutOfRange], seen.Order());
    }

    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_fetch_that_waited_goes_by_the_rights_of_now(string layer)
    {
        var seen = new HashSet<VmStatus>();
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices, VmPolicy.Linux);
            VmSpace space = world.Map(shared: false);
            space.Map.Protect(TestVm.Pages(1, 1), Protection.Read);
            AsyncWorld.Outcome fetch = world.Fault(space, 1, AccessKind.Execute);
            bool wasThere = false;
            world.AtAnyTime(() =>
            {
                wasThere = space.Pmap.TryExtract(TestVm.Page(1), out _);
                space.Map.Protect(TestVm.Pages(1, 1), Protection.ReadExecute);
            });
            world.Run();
            seen.Add(fetch.Status);
            Assert.Equal(wasThere ? VmStatus.ProtectionFailure : VmStatus.Success, fetch.Status);
        });
        Assert.Equal([VmStatus.Success, VmStatus.ProtectionFailure], seen.Order());
    }

    [Theory]
    [MemberData(nameof(Mappings))]
    public void Cut_off_and_grown_again_it_reads_as_zeros(string layer, bool shared)
    {
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace space = world.Map(shared);
            AsyncWorld.Outcome fault = world.Fault(space, 1, AccessKind.Read);
            world.AtAnyTime(() =>
            {
                world.File.Truncate(4097);
                world.File.Truncate(3 * 4096);
            });
            world.Run();
            Assert.Equal(VmStatus.Success, fault.Status);
            Assert.Equal([AsyncWorld.Fill, 0], [world.Vm.Load(space, 1), world.Vm.Load(space, 1, 1)]);
        });
    }

    [Theory]
    [MemberData(nameof(Mappings))]
    public void What_is_written_to_the_file_meanwhile_is_in_the_page(string layer, bool shared)
    {
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace space = world.Map(shared);
            AsyncWorld.Outcome fault = world.Fault(space, 1, AccessKind.Read);
            world.AtAnyTime(() => world.File.Write(4096, [7]));
            world.Run();
            Assert.Equal(VmStatus.Success, fault.Status);
            Assert.Equal([7, AsyncWorld.Fill], [world.Vm.Load(space, 1), world.Vm.Load(space, 1, 1)]);
        });
    }

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
    [MemberData(nameof(Mappings))]
    public void A_store_to_a_page_that_is_being_read(string layer, bool shared)
    {
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            VmSpace reader = world.Map(shared);
            VmSpace writer = world.Map(shared);
            AsyncWorld.Outcome reads = world.Fault(reader, 1, AccessKind.Read);
            AsyncWorld.Outcome? writes = null;
            world.AtAnyTime(() => writes = world.Fault(writer, 1, AccessKind.Write));
            world.Run();
            Assert.Equal((VmStatus.Success, VmStatus.Success), (reads.Status, writes!.Status));
            Assert.Equal(1, world.Reads.ReadCount);

            world.Vm.Store(writer, 1, 9);
            Assert.Equal(shared ? 9 : AsyncWorld.Fill, world.Vm.Load(reader, 1));
            Assert.Equal(shared ? 1 : 2, world.Vm.FramesInUse);
        });
    }

    [Theory]
    [MemberData(nameof(Mappings))]
    public void A_failed_transfer_is_one_faults_failure_and_the_others_try_again(string layer, bool shared)
    {
        Interleavings.ForEach(choices =>
        {
            var world = new AsyncWorld(layer, choices);
            world.Reads.FailRead = 1;
            AsyncWorld.Outcome[] faults = [.. Enumerable.Range(0, 3).Select(_ => world.Fault(world.Map(shared), 1, AccessKind.Read))];
            world.Run();
            Assert.Equal([VmStatus.Success, VmStatus.Success, VmStatus.PagerError], faults.Select(static fault => fault.Status).Order());
            Assert.Equal(2, world.Reads.ReadCount);
            Assert.Equal(1, world.Vm.FramesInUse);
        });
    }
}
