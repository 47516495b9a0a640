using BsdVm.Conformance;

namespace BsdVm.Tests.PvLists;

/// <summary>One frame that many pmaps map: each can end its mapping, in any order, and the list tells who is left.</summary>
public class SharedFrameTests
{
    private const int Sharers = 150;
    private static readonly PageFrameNumber Frame = new(5);
    private static readonly PageFrameNumber Other = new(6);
    private static readonly VirtualAddress Page = new(0x10000);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(7)]
    public void Sharers_leave_in_any_order(int stride)
    {
        var backend = new ReferenceBackend();
        var machine = new Machine(64, 1, TlbSpecification.Default, backend.CreateMmu);
        var system = new PmapSystem(machine, backend, new CountingFrameSource(machine.Memory, new(16), 32));
        Pmap[] pmaps = [.. Enumerable.Range(0, Sharers).Select(_ => Make(system))];
        var left = new HashSet<int>(pmaps.Select(static pmap => pmap.Id));
        for (int step = 0; step < Sharers; step++)
        {
            Pmap gone = pmaps[(((step * stride) % Sharers) + Sharers) % Sharers];
            gone.Remove(AddressRange.OfPage(Page.Page));
            left.Remove(gone.Id);
            Assert.Equal(left.Order(), system.MappingsOf(Frame).Select(static mapping => mapping.Pmap.Id).Order());

            // What comes and goes meanwhile is found too: the last one mapped, and mapped elsewhere.
            gone.Enter(Page, Frame, Protection.Read, AccessKind.Read, wired: false);
            gone.Enter(Page, Other, Protection.Read, AccessKind.Read, wired: false);
            Assert.Equal(left.Count, system.MappingsOf(Frame).Count());
        }

        Assert.False(system.IsMapped(Frame));
        Assert.Equal(Sharers, system.MappingsOf(Other).Count());
        system.PageProtect(Other, Protection.None);
        Assert.False(system.IsMapped(Other));
    }

    private static Pmap Make(PmapSystem system)
    {
        Assert.True(system.TryCreate(out Pmap? pmap));
        pmap.Enter(Page, Frame, Protection.Read, AccessKind.Read, wired: false);
        return pmap;
    }
}
