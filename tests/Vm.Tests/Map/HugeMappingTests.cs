using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>A mapping of more than 2^32 pages, which no picture shows: distances in it need more than 32 bits.</summary>
public class HugeMappingTests
{
    private const ulong Far = 1UL << 44;

    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void PagesThatAreFarApartAreDifferentPages(string layer)
    {
        var vm = new TestVm(layer);
        Assert.True(vm.System.TryCreateSpace(new AddressRange(new(0x1000), 0x7FFF_0000_0000), out VmSpace? space));
        VirtualAddress start = TestVm.Page(0);
        var request = new VmMapRequest { Range = new(start, Far + PageSize.BaseBytes), Protection = Protection.ReadWrite };
        Assert.Equal(VmStatus.Success, space.Map.Insert(request));
        space.Activate(vm.Cpu);
        Assert.Equal(1, vm.Cpu.Store(start, "A"u8));
        Assert.Equal(0, Load(vm, start + Far));
        Assert.Equal(1, vm.Cpu.Store(start + Far, "B"u8));
        space.Map.Split(start + Far);
        Assert.Equal(("A"u8[0], "B"u8[0]), (Load(vm, start), Load(vm, start + Far)));
        vm.System.CheckInvariants();
    }

    private static byte Load(TestVm vm, VirtualAddress address)
    {
        Span<byte> bytes = stackalloc byte[1];
        Assert.Equal(1, vm.Cpu.Load(address, bytes));
        return bytes[0];
    }
}
