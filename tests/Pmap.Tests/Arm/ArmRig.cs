using BsdVm.Arm;
using BsdVm.Tests.X86;

namespace BsdVm.Tests.Arm;

/// <summary>One processor with one pmap loaded.</summary>
internal sealed record ArmRig(PmapSystem System, ArmPmap Pmap, Cpu Cpu, Frames Frames)
{
    public static PmapMapping Extract(ArmRig rig, ulong address)
    {
        Assert.True(rig.Pmap.TryExtract(new(address), out PmapMapping mapping));
        return mapping;
    }

    public static void Enter(ArmRig rig, ulong address, ulong frame, Protection rights, AccessKind? access = null) =>
        Assert.Equal(PmapStatus.Success, rig.Pmap.Enter(new(address), new(frame), rights, access, wired: false));

    public static ArmRig Make(ulong frames = 1024)
    {
        var machine = new Machine(frames, 1, TlbSpecification.Default, ArmBackends.Short.CreateMmu);
        var source = new Frames(frames);
        var system = new PmapSystem(machine, ArmBackends.Short, source);
        Assert.True(system.TryCreate(out Pmap? pmap));
        system.Activate(pmap, machine.Cpus[0]);
        return new(system, (ArmPmap)pmap, machine.Cpus[0], source);
    }
}
