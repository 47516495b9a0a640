using BsdVm.Tests.Contract;

namespace BsdVm.Tests.Shootdowns;

/// <summary>Which processors count an invalidation as another one's.</summary>
public class ShootdownCountTests
{
    // All three run the space: the first is taken for the one that makes the change.
    [Fact]
    public void AllProcessorsButOneAreInterrupted()
    {
        ThreeProcessors three = Make(out VmSpace space);
        Assert.Equal([0L, 1L, 1L], Protect(three, space));
    }

    // The space stays cached under its tag where another one runs: the only processor that runs it makes the change.
    [Fact]
    public void TheProcessorThatRunsTheSpaceIsNot()
    {
        ThreeProcessors three = Make(out VmSpace space);
        VmSpace other = three.NewSpace();
        three.Run(other, 0);
        three.Run(other, 1);
        Assert.Equal([1L, 1L, 0L], Protect(three, space));
    }

    [Fact]
    public void OneProcessorAloneHasNone()
    {
        var machine = new Machine(1024, 1, TlbSpecification.Default, NamedBackends.Get("x86-4level").CreateMmu);
        var system = new PmapSystem(machine, NamedBackends.Get("x86-4level"), new X86.Frames(512));
        Assert.True(system.TryCreate(out Pmap? pmap));
        system.Activate(pmap, machine.Cpus[0]);
        var page = new AddressRange(new(0x1000), PageSize.BaseBytes);
        pmap.Enter(page.Start, new(600), Protection.Read, null, wired: false);
        pmap.Remove(page);
        system.Update();
        Assert.Equal((1L, 0L), (system.Counters.Invalidations, machine.Cpus[0].Counters.Shootdowns));
    }

    private static long[] Protect(ThreeProcessors three, VmSpace space)
    {
        three.UpdateAndCheck();
        long[] before = Counts(three);
        space.Pmap.Protect(ThreeProcessors.Pages(5, 1), Protection.Read);
        three.UpdateAndCheck();
        return [.. Counts(three).Zip(before, static (now, then) => now - then)];
    }

    private static long[] Counts(ThreeProcessors three) => [.. Enumerable.Range(0, 3).Select(cpu => three.Cpu(cpu).Counters.Shootdowns)];

    private static ThreeProcessors Make(out VmSpace space)
    {
        var three = new ThreeProcessors(NamedBackends.Get("x86-4level"));
        space = three.NewSpace();
        for (int cpu = 0; cpu < 3; cpu++)
        {
            three.Run(space, cpu);
        }

        return three;
    }
}
