using BsdVm.X86;

namespace BsdVm.Posix.Tests;

/// <summary>The rule between Linux's mappings and the entries below, broken on purpose.</summary>
public class VmaCoversTests
{
    [Fact]
    public void An_entry_outside_every_mapping_is_named()
    {
        var kernel = new Kernel(new KernelConfiguration
        {
            Backend = X86Backends.FourLevel,
            FrameCount = 64,
            OperatingSystem = OperatingSystemKind.Linux,
        });
        kernel.InitialProcess.Mmap(0x10000000, 0x4000, Protection.ReadWrite, false, null, 0, MmapOptions.None);
        kernel.CheckInvariants();
        ((LinuxProcess)kernel.InitialProcess).Vmas.Remove(0x10001000, 0x10002000);
        Assert.Equal("VMA-COVERS", Assert.Throws<InvariantViolationException>(kernel.CheckInvariants).Rule);
    }
}
