using BsdVm.Tests.Support;

namespace BsdVm.Tests.Fault;

/// <summary>Whose fault it is follows from the processor that took it.</summary>
public class TrapHandlerTests
{
    [Fact]
    public void Each_processors_faults_are_those_of_its_own_space()
    {
        var vm = new TestVm(cpus: 2);
        VmSpace[] spaces = [vm.NewSpace(), vm.NewSpace()];
        Cpu[] cpus = vm.System.Machine.Cpus.ToArray();
        for (int i = 0; i < 2; i++)
        {
            vm.MapAnonymous(spaces[i], 0, 1);
            spaces[i].Activate(cpus[i]);
        }

        Assert.Equal(1, cpus[0].Store(TestVm.Page(0), [1]));
        Assert.Equal(1, cpus[1].Store(TestVm.Page(0), [2]));

        Assert.Equal((1, 2), ((int)vm.Load(spaces[0], 0), (int)vm.Load(spaces[1], 0)));
        Assert.Equal((1L, 1L), (spaces[0].MinorFaults, spaces[1].MinorFaults));
    }

    [Fact]
    public void Statuses_are_kept_for_each_processor()
    {
        var vm = new TestVm(cpus: 2);
        VmSpace space = vm.NewSpace();
        vm.MapAnonymous(space, 0, 1, Protection.Read);
        Cpu[] cpus = vm.System.Machine.Cpus.ToArray();
        space.Activate(cpus[0]);
        space.Activate(cpus[1]);

        Assert.Equal(0, cpus[0].Store(TestVm.Page(0), [1]));
        Assert.Equal(0, cpus[1].Store(TestVm.Page(1), [1]));

        VmTrapHandler handler = vm.System.TrapHandler;
        Assert.Equal((VmStatus.ProtectionFailure, VmStatus.InvalidAddress), (handler.StatusOn(cpus[0]), handler.StatusOn(cpus[1])));
        Assert.Equal(1, cpus[0].Load(TestVm.Page(0), stackalloc byte[1]));
        Assert.Equal(VmStatus.Success, handler.StatusOn(cpus[0]));
    }

    [Fact]
    public void A_processor_without_a_space_maps_nothing()
    {
        var vm = new TestVm();
        Assert.Equal(0, vm.Cpu.Load(TestVm.Page(0), stackalloc byte[1]));
        Assert.Equal(VmStatus.InvalidAddress, vm.LastStatus);
    }
}
