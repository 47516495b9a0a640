using BsdVm.Tests.X86;

namespace BsdVm.Tests.Contract;

/// <summary>
/// A table's frame is given back only when no processor can still be walking it: at that moment nothing is owed to any TLB. A machine whose
/// operations run whole never reads the freed table, so that only the order of the steps can tell.
/// </summary>
public class FreedTableTests
{
    [Theory]
    [InlineData("x86-2level")]
    [InlineData("x86-pae")]
    [InlineData("x86-4level")]
    [InlineData("armv7-short")]
    [InlineData("radix")]
    [InlineData("guarded")]
    [InlineData("linear")]
    public void CollectTellsTheProcessorsBeforeItGivesTablesBack(string name)
    {
        var (system, source, pmap) = Make(name);
        for (ulong page = 0; page < 600; page++)
        {
            Assert.Equal(
                PmapStatus.Success, pmap.Enter(Address(page), new(2000 + page), Protection.ReadWrite, AccessKind.Write, wired: false));
        }

        Assert.True(system.Machine.Cpus[0].Access(Address(5), AccessKind.Write, out _));
        pmap.Collect();
        Assert.True(source.FreedRuns > 0, "No table was given back.");
        Assert.False(system.HasOwedInvalidations);
    }

    [Theory]
    [InlineData("x86-2level")]
    [InlineData("x86-pae")]
    [InlineData("x86-4level")]
    public void SharingTellsTheProcessorsBeforeItGivesTheEmptyTableBack(string name)
    {
        var (system, source, pmap) = Make(name);
        Assert.True(system.TryCreate(out Pmap? donor));
        Assert.Equal(PmapStatus.Success, donor.Enter(Address(0), new(2000), Protection.Read, null, wired: false));

        // The table stays when its page goes, and the processor may know it.
        Assert.Equal(PmapStatus.Success, pmap.Enter(Address(1), new(2001), Protection.Read, null, wired: false));
        pmap.Remove(AddressRange.OfPage(Address(1).Page));
        system.Update();
        long told = system.Counters.Invalidations;
        Assert.True(SharedTables.TryShare(pmap, donor, new(Address(0), 1UL << 22)));
        Assert.Equal((1, told + 1), (source.FreedRuns, system.Counters.Invalidations));
        Assert.False(system.HasOwedInvalidations);
    }

    private static VirtualAddress Address(ulong page) => (new VirtualAddress(0x4000_0000).Page + page).Address;

    private static (PmapSystem System, OrderedSource Source, Pmap Pmap) Make(string name)
    {
        PmapBackend backend = NamedBackends.Get(name);
        var machine = new Machine(4096, 2, TlbSpecification.Default, backend.CreateMmu);
        var source = new OrderedSource();
        var system = new PmapSystem(machine, backend, source);
        source.System = system;
        Assert.True(system.TryCreate(out Pmap? pmap));
        system.Activate(pmap, machine.Cpus[0]);
        return (system, source, pmap);
    }

    /// <summary>A frame source that takes nothing back while an invalidation is owed.</summary>
    private sealed class OrderedSource : IFrameSource
    {
        private readonly Frames _frames = new(2000);

        public PmapSystem? System { get; set; }

        public int FreedRuns { get; private set; }

        public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first) =>
            _frames.TryAllocate(count, alignment, below, out first);

        public void Free(PageFrameNumber first, int count)
        {
            Assert.False(System!.HasOwedInvalidations, $"The table at {first} is given back, and a processor may be walking it.");
            FreedRuns++;
            _frames.Free(first, count);
        }
    }
}
