using BsdVm;
using BsdVm.X86;

namespace Readme;

/// <summary>The example of README.md, between the two lines of comment.</summary>
internal static class ReadmeExample
{
    public static (VmSystem System, byte Loaded) Run()
    {
        // From here.
        var vm = new VmSystem(new VmConfiguration { Backend = X86Backends.FourLevel, FrameCount = 4096 });
        vm.TryCreateSpace(new AddressRange(new(0x1000), 0x7000_0000), out VmSpace? space);
        space!.Map.Insert(new VmMapRequest { Range = new AddressRange(new(0x1000_0000), 4 * 4096), Protection = Protection.ReadWrite });

        Cpu cpu = vm.Machine.Cpus[0];
        space.Activate(cpu);
        cpu.Store(new(0x1000_0000), [42]);             // a page fault, a frame of zeros, and the store again

        space.TryFork(eager: false, out VmSpace? child);
        child!.Activate(cpu);
        Span<byte> loaded = stackalloc byte[1];
        cpu.Load(new(0x1000_0000), loaded);            // 42, from the page that both have
        cpu.Store(new(0x1000_0000), [7]);              // the child's copy of the page: the parent keeps 42
        vm.CheckInvariants();
        // To here.
        return (vm, loaded[0]);
    }
}
