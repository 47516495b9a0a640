using BsdVm.Tests.Support;

namespace BsdVm.Tests.Objects;

/// <summary>Offsets into lower objects and amaps, where they are not zero.</summary>
public class OffsetTests
{
    // The bottom of a chain is found at the sum of the offsets on the way.
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void An_eager_copy_follows_the_file_at_its_offset(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace parent = vm.NewSpace();
        vm.MapFile(parent, 0, 3, NumberedFile(vm), shared: false, offset: 4096);
        vm.Store(parent, 0, 99);
        VmSpace child = vm.Fork(parent, eager: true);
        Assert.Equal([99, 2, 3], Enumerable.Range(0, 3).Select(page => (int)vm.Load(child, page)));
    }

    // The part behind it has moved away and still reaches the slots that the entry would grow into.
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_mapping_that_cannot_grow_in_place_shows_the_files_next_pages(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace space = vm.NewSpace();
        vm.MapFile(space, 0, 4, NumberedFile(vm), shared: false);
        vm.Store(space, 0, 99);
        vm.Store(space, 3, 98);
        Assert.Equal(VmStatus.Success, space.Map.Move(TestVm.Pages(2, 2), TestVm.Page(100)));

        Assert.Equal(VmStatus.Success, space.Map.Extend(TestVm.Page(2), 2 * PageSize.BaseBytes));

        Assert.Equal([99, 1, 2, 3], Enumerable.Range(0, 4).Select(page => (int)vm.Load(space, page)));
        Assert.Equal([2, 98], Enumerable.Range(100, 2).Select(page => (int)vm.Load(space, page)));
    }

    // B46b: 2^32 pages further on is another slot.
    [Fact]
    public void Slots_are_counted_in_64_bits()
    {
        const ulong Far = 1UL << 44;
        var vm = new TestVm("amap");
        Assert.True(vm.System.TryCreateSpace(new AddressRange(new(0x1000), 0x7FFF_0000_0000), out VmSpace? space));
        var range = new AddressRange(TestVm.Page(0), Far + PageSize.BaseBytes);
        Assert.Equal(VmStatus.Success, space.Map.Insert(new VmMapRequest { Range = range, Protection = Protection.ReadWrite }));
        space.Activate(vm.Cpu);
        Assert.Equal(1, vm.Cpu.Store(TestVm.Page(0), [1]));
        Assert.Equal(1, vm.Cpu.Store(TestVm.Page(0) + Far, [2]));
        vm.System.CheckInvariants();
        Assert.Equal((1, 2), ((int)vm.Load(space, 0), vm.FramesInUse));
    }

    // Page n holds the byte n.
    private static Vnode NumberedFile(TestVm vm)
    {
        Vnode file = vm.System.CreateVnode("f", 4 * PageSize.BaseBytes, 0);
        for (byte page = 0; page < 4; page++)
        {
            file.Write(page * PageSize.BaseBytes, [page]);
        }

        return file;
    }
}
