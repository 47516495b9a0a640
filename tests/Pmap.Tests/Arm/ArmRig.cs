using BsdVm.Arm;
using BsdVm.Tests.X86;

namespace BsdVm.Tests.Arm;

/// <summary>One pmap of short descriptors on one processor.</summary>
internal sealed class ArmRig
{
    public static readonly AddressRange All = new(new(0), 0xC000_0000);

    public ArmRig(ulong frames = 1024)
    {
        var machine = new Machine(frames, 1, TlbSpecification.Default, ArmBackends.Short.CreateMmu);
        Frames = new Frames(frames);
        System = new PmapSystem(machine, ArmBackends.Short, Frames);
        Assert.True(System.TryCreate(out Pmap? pmap));
        Pmap = (ArmPmap)pmap;
        Cpu = machine.Cpus[0];
        System.Activate(pmap, Cpu);
    }

    public PmapSystem System { get; }

    public ArmPmap Pmap { get; }

    public Cpu Cpu { get; }

    public Frames Frames { get; }

    public void Enter(ulong address, ulong frame, Protection rights, AccessKind? access = null) =>
        Assert.Equal(PmapStatus.Success, Pmap.Enter(new(address), new(frame), rights, access, wired: false));

    public PmapMapping Extract(ulong address)
    {
        Assert.True(Pmap.TryExtract(new(address), out PmapMapping mapping));
        return mapping;
    }
}
