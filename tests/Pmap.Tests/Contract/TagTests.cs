using BsdVm.Tests.X86;

namespace BsdVm.Tests.Contract;

/// <summary>Address-space tags when there are more spaces than tags.</summary>
public class TagTests
{
    public static TheoryData<string> Backends() => ["x86-4level", "armv7-short", "mips-linear"];

    // Tag 0 is the kernel's. The others are given in order; when they are used up, all begin again.
    [Theory]
    [MemberData(nameof(Backends))]
    public void TagsAreGivenInOrderAndNoneIsTooLarge(string name)
    {
        (PmapSystem system, uint count) = Make(name);
        Assert.True(system.TryCreate(out Pmap? first));
        system.Activate(first, system.Machine.Cpus[0]);
        for (uint space = 2; space <= (2 * count) + 44; space++)
        {
            Assert.True(system.TryCreate(out Pmap? pmap));
            system.Activate(pmap, system.Machine.Cpus[0]);
            Assert.InRange(pmap.Tag, 1U, count - 1);
            Assert.Equal(pmap.Tag, system.Machine.Cpus[0].Mmu.Tag);
            system.Destroy(pmap);
        }

        // count - 1 tags a generation.
        Assert.Equal((2 * count + 44 - 1) / (count - 1), system.Counters.TagGenerations);
    }

    private static (PmapSystem System, uint Count) Make(string name)
    {
        PmapBackend backend = NamedBackends.Get(name);
        var machine = new Machine(1024, 1, TlbSpecification.Default, backend.CreateMmu);
        return (new PmapSystem(machine, backend, new Frames(1024)), 1U << backend.Capabilities.TagBits);
    }
}
