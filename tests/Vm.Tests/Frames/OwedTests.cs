using BsdVm.Tests.Support;

namespace BsdVm.Tests.Frames;

/// <summary>A frame that was mapped until a moment ago goes back when every TLB was told.</summary>
public class OwedTests
{
    [Theory]
    [InlineData("shadow")]
    [InlineData("amap")]
    public void A_file_cut_off_under_a_mapping_gives_its_frames_back(string layer)
    {
        var vm = new TestVm(layer);
        VmSpace space = vm.NewSpace();
        Vnode file = vm.System.CreateVnode("f", 2 * PageSize.BaseBytes, 5);
        vm.MapFile(space, 0, 2, file, shared: true);
        vm.Store(space, 0, 9);
        vm.Store(space, 1, 9);

        file.Truncate(0);

        Assert.Equal(0, vm.FramesInUse);
        Assert.False(vm.CanLoad(space, 0));
        vm.System.CheckInvariants();
    }
}
