using BsdVm.Tests.X86;

namespace BsdVm.Tests.Contract;

/// <summary>What an observer of the contract's calls is told.</summary>
public class ObserverTests
{
    private static readonly VirtualAddress Page = new(0x40_0000);

    // Every call is told once, after the mappings' own events, as its caller made it.
    [Theory]
    [InlineData("x86-4level")]
    [InlineData("armv7-short")]
    [InlineData("mips-hashed")]
    public void EachCallIsToldOnceAfterItsMappings(string name)
    {
        PmapSystem system = Make(name);
        Assert.True(system.TryCreate(out Pmap? pmap));
        var told = new Recorder();
        system.Observer = told;
        var page = new AddressRange(Page, PageSize.BaseBytes);
        var frame = new PageFrameNumber(7);

        Assert.Equal(PmapStatus.Success, pmap.Prepare(Page));
        Assert.Equal(PmapStatus.Success, pmap.Enter(Page, frame, Protection.ReadWrite, AccessKind.Read, wired: true));
        pmap.ChangeWiring(Page, wired: false);
        pmap.Protect(page, Protection.Read);
        pmap.Collect();
        pmap.Remove(page);

        Assert.Equal(
            [
                new(PmapCallKind.Prepare, page),
                new(PmapCallKind.Enter, page, frame, Protection.ReadWrite, AccessKind.Read, Wired: true),
                new(PmapCallKind.ChangeWiring, page, Wired: false),
                new(PmapCallKind.Protect, page, Rights: Protection.Read),
                new(PmapCallKind.Collect, new(new(0), system.Backend.Capabilities.UserLimit)),
                new(PmapCallKind.Remove, page),
            ],
            told.Calls);
        Assert.Equal(["Prepare", "+", "Enter", "*", "ChangeWiring", "*", "Protect", "-", "Collect", "Remove"], told.Events);
    }

    private static PmapSystem Make(string name)
    {
        PmapBackend backend = NamedBackends.Get(name);
        var machine = new Machine(1024, 1, TlbSpecification.Default, backend.CreateMmu);
        return new PmapSystem(machine, backend, new Frames(1024));
    }

    private sealed class Recorder : IPmapObserver
    {
        public List<PmapCall> Calls { get; } = [];

        public List<string> Events { get; } = [];

        public void Entered(Pmap pmap, in PmapMapping mapping) => Events.Add("+");

        public void Changed(Pmap pmap, in PmapMapping mapping) => Events.Add("*");

        public void Removed(Pmap pmap, VirtualAddress address) => Events.Add("-");

        public void Called(Pmap pmap, in PmapCall call)
        {
            Calls.Add(call);
            Events.Add(call.Kind.ToString());
        }
    }
}
