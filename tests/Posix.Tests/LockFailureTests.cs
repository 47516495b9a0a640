using BsdVm.Snapshots;
using BsdVm.X86;

namespace BsdVm.Posix.Tests;

/// <summary>A lock that finds no frames takes back what it locked, and nothing else.</summary>
public class LockFailureTests
{
    private const ulong Start = 0x10000000;
    private const ulong Behind = Start + (4 * PageSize.BaseBytes);

    [Fact]
    public void What_was_locked_before_stays_locked()
    {
        var kernel = new Kernel(new KernelConfiguration
        {
            Backend = X86Backends.FourLevel,
            FrameCount = 64,
            OperatingSystem = OperatingSystemKind.Linux,
        });
        Process process = kernel.InitialProcess;
        process.Mmap(Start, 4 * PageSize.BaseBytes, Protection.ReadWrite, false, null, 0, MmapOptions.None);
        process.Mmap(Behind, 100 * PageSize.BaseBytes, Protection.Read, false, null, 0, MmapOptions.None);
        Assert.True(process.Mlock(Start, 4 * PageSize.BaseBytes).Succeeded);

        Assert.False(process.Mlock(Start, 104 * PageSize.BaseBytes).Succeeded);

        VmMapSnapshot map = process.Space.Map.Snapshot();
        Assert.Equal((true, false), (map.Lookup(new(Start))!.IsWired, map.Lookup(new(Behind))!.IsWired));
        Assert.Equal(4, process.Space.Pmap.WiredCount);
        kernel.CheckInvariants();
    }
}
