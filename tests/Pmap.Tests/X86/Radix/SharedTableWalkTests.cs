using BsdVm.Tests.Contract;

namespace BsdVm.Tests.X86;

/// <summary>Walkers that remember upper levels, when the table below them is another one.</summary>
public class SharedTableWalkTests
{
    private static readonly AddressRange Library = new(new(0x4000_0000), 1UL << 22);

    // The copy that an Enter makes has all that the shared table had: no translation of the sharer changes, only the table that the walker
    // knows. The donor, now alone with the old table, then changes it, and uses what it has put there.
    [Theory]
    [InlineData("x86-2level")]
    [InlineData("x86-pae")]
    [InlineData("x86-4level")]
    public void AWalkerForgetsTheTableThatItsSpaceLeaves(string name)
    {
        PmapBackend backend = NamedBackends.Get(name);
        var tlb = new TlbSpecification(new(4, 4), new(4, 4), default, TlbReplacement.Lru, walkCaches: [4, 4, 4]);
        var machine = new Machine(4096, 2, tlb, backend.CreateMmu);
        var system = new PmapSystem(machine, backend, new Frames(1024));
        Assert.True(system.TryCreate(out Pmap? donor) & system.TryCreate(out Pmap? sharer));
        Enter(donor!, page: 0, frame: 2000);
        Enter(donor!, page: 2, frame: 2002);
        Assert.True(SharedTables.TryShare(sharer!, donor!, Library));
        Cpu cpu = machine.Cpus[0];
        system.Activate(sharer!, cpu);
        Assert.True(cpu.Access(Library.Start, AccessKind.Read, out _));

        Enter(sharer!, page: 1, frame: 2001);
        system.Update();
        Assert.Equal(1, system.Counters.UnsharedTables);
        Enter(donor!, page: 2, frame: 2003);
        system.Activate(donor!, machine.Cpus[1]);
        Assert.True(machine.Cpus[1].Access(Address(2), AccessKind.Read, out _));
        Assert.True(cpu.Access(Address(2), AccessKind.Read, out PhysicalAddress physical));
        Assert.Equal(new PageFrameNumber(2002).Address, physical);
    }

    private static VirtualAddress Address(ulong page) => (Library.Start.Page + page).Address;

    private static void Enter(Pmap pmap, ulong page, ulong frame) =>
        Assert.Equal(PmapStatus.Success, pmap.Enter(Address(page), new(frame), Protection.Read, null, wired: false));
}
