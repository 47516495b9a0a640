using BsdVm.X86;

namespace BsdVm.Tests.Shootdowns;

/// <summary>
/// No table goes back while an invalidation is owed: a processor may be walking it. The walker has caches of upper levels, which name
/// tables, and tables that went back hold garbage (B43, B54).
/// </summary>
public class TableReuseTests
{
    private static readonly VirtualAddress Start = new(0x40000000);

    public static TheoryData<string> Backends() => [.. X86Backends.All.Select(static backend => backend.Name)];

    [Theory]
    [MemberData(nameof(Backends))]
    public void Collect_tells_the_processors_first(string name)
    {
        Rig rig = new(name);
        Pmap pmap = rig.NewPmap();
        Enter(pmap, 0);
        rig.Use(pmap, 0);

        pmap.Collect();

        Assert.InRange(rig.Source.FreedCount, 1, int.MaxValue);
        Assert.False(rig.Cpu.Access(Page(0), AccessKind.Read, out _));
    }

    // B43f, B43g: the pmap had an empty table of its own there, which a walk has seen.
    [Theory]
    [MemberData(nameof(Backends))]
    public void A_table_that_sharing_replaces_is_out_of_reach(string name)
    {
        Rig rig = new(name);
        Pmap donor = rig.NewPmap();
        Enter(donor, 0);
        Enter(donor, 1);
        Pmap pmap = rig.NewPmap();
        Enter(pmap, 5);
        rig.Use(pmap, 5);
        pmap.Remove(new(Page(5), PageSize.BaseBytes));
        rig.System.Update();
        Assert.False(rig.Cpu.Access(Page(1), AccessKind.Read, out _));

        long told = rig.System.Counters.Invalidations;
        Assert.True(Share(pmap, donor));

        Assert.Equal((1, told + 1), (rig.Source.FreedCount, rig.System.Counters.Invalidations));
        Assert.True(rig.Cpu.Access(Page(1), AccessKind.Read, out PhysicalAddress physical));
        Assert.Equal(Frame(1).Address, physical);
    }

    // B43a: the walker's caches know the table that was shared; the copy has a page more, and the shared one changes later.
    [Theory]
    [MemberData(nameof(Backends))]
    public void A_table_that_is_left_is_out_of_reach(string name)
    {
        Rig rig = new(name);
        Pmap donor = rig.NewPmap();
        Enter(donor, 0);
        Enter(donor, 1);
        Pmap pmap = rig.NewPmap();
        Assert.True(Share(pmap, donor));
        rig.Use(pmap, 0);

        Enter(pmap, 7);
        rig.System.Update();

        Assert.Equal(1, rig.System.Counters.UnsharedTables);

        // What the donor does in its table from now on is its own affair.
        donor.Remove(new(Page(1), PageSize.BaseBytes));
        Assert.Equal(PmapStatus.Success, donor.Enter(Page(1), Frame(9), Protection.Read, AccessKind.Read, wired: false));
        rig.System.Update();
        Assert.True(rig.Cpu.Access(Page(1), AccessKind.Read, out PhysicalAddress physical));
        Assert.Equal(Frame(1).Address, physical);
        Assert.True(rig.Cpu.Access(Page(7), AccessKind.Read, out physical));
        Assert.Equal(Frame(7).Address, physical);
    }

    // T4: a tag of 2^n would be another one's in a register of n bits.
    [Fact]
    public void No_tag_needs_more_bits_than_there_are()
    {
        Rig rig = new("x86-4level");
        uint limit = 1u << rig.System.Backend.Capabilities.TagBits;
        uint highest = 0;
        for (int space = 0; space < limit + 200; space++)
        {
            Pmap pmap = rig.NewPmap();
            rig.System.Activate(pmap, rig.Cpu);
            highest = Math.Max(highest, pmap.Tag);
            rig.System.Destroy(pmap);
        }

        Assert.Equal((limit - 1, 1L), (highest, rig.System.Counters.TagGenerations));
    }

    private static VirtualAddress Page(int number) => Start + ((ulong)number * PageSize.BaseBytes);

    private static PageFrameNumber Frame(int number) => new(2048 + (ulong)number);

    private static void Enter(Pmap pmap, int page) =>
        Assert.Equal(PmapStatus.Success, pmap.Enter(Page(page), Frame(page), Protection.Read, AccessKind.Read, wired: false));

    private static bool Share(Pmap pmap, Pmap donor)
    {
        var range = new AddressRange(Start, pmap.Owner.Backend.Capabilities.PageSizes.ElementAt(1).Bytes);
        return pmap switch
        {
            RadixPmap<X86TwoLevel> radix => radix.TryShareTables(donor, range),
            RadixPmap<X86Pae> radix => radix.TryShareTables(donor, range),
            RadixPmap<X86FourLevel> radix => radix.TryShareTables(donor, range),
            _ => throw new ArgumentException($"{pmap.Owner.Backend.Name} has no tables to share.", nameof(pmap)),
        };
    }

    private sealed class Rig
    {
        public Rig(string name)
        {
            PmapBackend backend = X86Backends.All.Single(each => each.Name == name);
            Assert.True(TlbSpecification.TryParse("l1=16x4,l2=0x0,walk=8+4+2", out TlbSpecification tlb, out string error), error);
            var machine = new Machine(4096, 1, tlb, backend.CreateMmu);
            Source = new SpoilingSource(machine.Memory);
            System = new PmapSystem(machine, backend, Source);
            Source.System = System;
        }

        public SpoilingSource Source { get; }

        public PmapSystem System { get; }

        public Cpu Cpu => System.Machine.Cpus[0];

        public Pmap NewPmap()
        {
            Assert.True(System.TryCreate(out Pmap? pmap));
            return pmap;
        }

        // Afterwards TLB and walk caches hold what they can.
        public void Use(Pmap pmap, int page)
        {
            System.Activate(pmap, Cpu);
            Assert.True(Cpu.Access(Page(page), AccessKind.Read, out _));
        }
    }

    /// <summary>Frames in order, never the same again until the last; what comes back is spoilt, and nothing may be owed for it.</summary>
    private sealed class SpoilingSource(PhysicalMemory memory) : IFrameSource
    {
        private readonly Stack<ulong> _freed = new();
        private ulong _next = 16;

        public PmapSystem? System { get; set; }

        public int FreedCount { get; private set; }

        public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
        {
            if (count == 1 && _next >= 1024 && _freed.TryPop(out ulong again))
            {
                first = new(again);
                return true;
            }

            _next = (_next + (ulong)alignment - 1) / (ulong)alignment * (ulong)alignment;
            first = new(_next);
            _next += (ulong)count;
            return true;
        }

        public void Free(PageFrameNumber first, int count)
        {
            Assert.False(System!.HasOwedInvalidations, $"Frame {first} is given back while an invalidation is owed.");
            Span<byte> garbage = stackalloc byte[(int)PageSize.BaseBytes];
            garbage.Fill(0xA5);
            for (ulong frame = first.Value; frame < first.Value + (ulong)count; frame++)
            {
                memory.Write(new PageFrameNumber(frame).Address, garbage);
                _freed.Push(frame);
                FreedCount++;
            }
        }
    }
}
