using BsdVm.Mips;

namespace BsdVm.Tests.Mips;

/// <summary>The TLB of the R4000 by its manual, and the handlers over it.</summary>
public class R4000TlbTests
{
    private const ulong Valid = MipsPte.Valid;
    private const ulong Dirty = MipsPte.Dirty;
    private const ulong Global = MipsPte.Global;

    [Theory]
    [InlineData(0UL, 12)]
    [InlineData(0x6000UL, 14)]
    [InlineData(0x1FFE000UL, 24)]
    public void ThePageMaskSaysWhichBitChoosesTheHalf(ulong mask, int shift)
    {
        var tlb = new R4000Tlb(48, 40);
        ulong pair = 2UL << shift;
        Assert.True(Write(tlb, 5, mask, 4 * pair, (0x1000UL << 6) | Valid, (0x2000UL << 6) | Valid | Dirty, asid: 7));

        Assert.Equal(R4000Outcome.Hit, tlb.Translate((4 * pair) + 0x123, isStore: false, 7, out ulong even));
        Assert.Equal(R4000Outcome.Hit, tlb.Translate((4 * pair) + (pair / 2) + 0x123, isStore: true, 7, out ulong odd));
        Assert.Equal((0x1000123UL, 0x2000123UL), (even, odd));
        Assert.Equal(R4000Outcome.Refill, tlb.Translate((5 * pair) + 0x123, isStore: false, 7, out _));
        Assert.Equal(R4000Outcome.Refill, tlb.Translate(4 * pair, isStore: false, 8, out _));
        Assert.Equal(R4000Outcome.Modified, tlb.Translate(4 * pair, isStore: true, 7, out _));
    }

    [Fact]
    public void GlobalIsTheBitOfBothHalvesAndVIsEachOnesOwn()
    {
        var tlb = new R4000Tlb(48, 40);
        Assert.True(Write(tlb, 0, 0, 0x4000, Valid | Global, Global, asid: 1));
        Assert.True(Write(tlb, 1, 0, 0x8000, Valid | Global, Valid, asid: 1));
        Assert.Equal(R4000Outcome.Hit, tlb.Translate(0x4000, isStore: false, 9, out _));
        Assert.Equal(R4000Outcome.Invalid, tlb.Translate(0x5000, isStore: true, 9, out _));
        Assert.Equal(R4000Outcome.Refill, tlb.Translate(0x8000, isStore: false, 9, out _));
        tlb.Index = 1;
        tlb.Read();
        Assert.Equal((Valid, Valid), (tlb.EntryLo0, tlb.EntryLo1));
    }

    [Fact]
    public void AnEntryThatWouldMatchTogetherWithAnotherIsRefused()
    {
        var tlb = new R4000Tlb(48, 40);
        Assert.True(Write(tlb, 0, 0x6000, 0x10000, Valid, Valid, asid: 1));
        Assert.False(Write(tlb, 1, 0, 0x12000, Valid, Valid, asid: 1));
        Assert.False(Write(tlb, 1, 0, 0x12000, Valid | Global, Valid | Global, asid: 2));
        Assert.True(Write(tlb, 1, 0, 0x12000, Valid, Valid, asid: 2));
        Assert.True(Write(tlb, 0, 0, 0x12000, Valid, Valid, asid: 1));
        tlb.EntryHi = 0x12000 | 2;
        tlb.Probe();
        Assert.Equal(1U, tlb.Index);
        tlb.EntryHi = 0x14000 | 2;
        tlb.Probe();
        Assert.Equal(1U << 31, tlb.Index);
    }

    [Fact]
    public void RandomStaysAboveWired()
    {
        var tlb = new R4000Tlb(48, 40) { Wired = 45 };
        List<int> written = [];
        for (ulong number = 0; number < 7; number++)
        {
            written.Add(tlb.Random);
            tlb.EntryHi = number << 13;
            Assert.True(tlb.TryWriteRandom());
        }

        Assert.Equal([47, 46, 45, 47, 46, 45, 47], written);
        Assert.False(tlb.IsUsed(44));
        tlb.Wired = 3;
        Assert.Equal(47, tlb.Random);
    }

    [Fact]
    public void AnExceptionLeavesTheAddressInTheRegisters()
    {
        var tlb = new R4000Tlb(48, 40) { Context = 0xFFFF_FFFF_8000_0000, EntryHi = 0x55, XContext = 0x8UL << 33 };
        tlb.Note(0x12_3456_7ABC);
        Assert.Equal(0x12_3456_7ABCUL, tlb.BadVAddr);
        Assert.Equal(0x12_3456_6055UL, tlb.EntryHi);
        Assert.Equal(0xFFFF_FFFF_8000_0000 | ((0x3456_7ABCUL >> 13) << 4), tlb.Context);
        Assert.Equal((0x8UL << 33) | ((0x12_3456_7ABCUL >> 13) << 4), tlb.XContext);
    }

    [Theory]
    [InlineData("mips-radix", 4)]
    [InlineData("mips-hashed", 4)]
    [InlineData("mips-clustered", 2)]
    [InlineData("mips-cuckoo", 3)]
    public void OneRefillLoadsBothPagesOfAPair(string name, int references)
    {
        MipsRig rig = Rig(name);
        var mmu = (R4000Mmu)rig.Mmu;
        rig.Enter(0x100, 0);
        rig.Enter(0x101, 1);
        Touch(rig, 0x100, AccessKind.Read);
        Assert.Equal((1L, references), (mmu.Counters.Refills, mmu.Walks.Last.References));
        Assert.InRange(mmu.Walks.Last.Instructions, R4000Mmu.HandlerInstructions + 10, 120);
        Touch(rig, 0x101, AccessKind.Read);
        Assert.Equal((1L, 1L, 0), (mmu.Counters.Refills, mmu.Counters.Hits, mmu.Walks.Last.References));
    }

    // A pair is in the TLB with one page invalid: the page that comes later is found by the Invalid exception's handler, without a fault.
    [Fact]
    public void APageThatComesLaterIsFoundByTheInvalidException()
    {
        MipsRig rig = Rig("mips-hashed");
        var mmu = (R4000Mmu)rig.Mmu;
        rig.Enter(0x100, 0);
        Touch(rig, 0x100, AccessKind.Read);
        Assert.False(rig.Cpu.Access(MipsRig.Page(0x101), AccessKind.Read, out _));
        Assert.Equal((FaultReason.NotPresent, 2U), (rig.Cpu.LastFault.Reason, rig.Cpu.LastFault.Code));
        Assert.Equal((1L, 1L), (mmu.Counters.Invalids, mmu.Counters.Faults));
        rig.Enter(0x101, 1);
        Touch(rig, 0x101, AccessKind.Read);
        Assert.Equal((2L, 1L, 1L), (mmu.Counters.Invalids, mmu.Counters.Faults, mmu.Counters.Refills));
    }

    [Fact]
    public void TheFirstStoreIsTheKernelsToRecord()
    {
        MipsRig rig = Rig("mips-guarded");
        var mmu = (R4000Mmu)rig.Mmu;
        rig.Enter(0x100, 0);
        Assert.False(rig.Cpu.Access(MipsRig.Page(0x100), AccessKind.Write, out _));
        Assert.Equal((FaultReason.Protection, 1U, 1L), (rig.Cpu.LastFault.Reason, rig.Cpu.LastFault.Code, mmu.Counters.Modifieds));
        Assert.Equal(PmapStatus.Success, rig.Pmap.Enter(MipsRig.Page(0x100), MipsRig.Frame(0), Protection.ReadWrite, AccessKind.Write, wired: false));
        Touch(rig, 0x100, AccessKind.Write);
        Assert.True(rig.System.IsModified(MipsRig.Frame(0)));
        Assert.False(rig.Cpu.Access(new(1UL << 50), AccessKind.Write, out _));
        Assert.Equal((FaultReason.AddressRange, 5U, 1L), (rig.Cpu.LastFault.Reason, rig.Cpu.LastFault.Code, mmu.Counters.AddressErrors));
    }

    // 48 entries hold 48 pairs: with more, the micro-TLBs must not keep what the joint TLB lost.
    [Fact]
    public void TheMicroTlbsHoldOnlyWhatTheJointTlbHolds()
    {
        MipsRig rig = Rig("mips-hashed");
        var random = new Random(11);
        for (ulong number = 0; number < 400; number++)
        {
            rig.Enter(number * 3, (int)number);
        }

        for (int access = 0; access < 3000; access++)
        {
            Touch(rig, (ulong)random.Next(400) * 3, AccessKind.Read);
            if (access % 50 == 0)
            {
                var joint = rig.Mmu.CachedTranslations.Select(static entry => (entry.Page, entry.Tag)).ToHashSet();
                Assert.All(rig.Cpu.Tlb.Entries, entry => Assert.Contains((entry.Page, entry.Tag), joint));
            }
        }

        Assert.True(((R4000Mmu)rig.Mmu).Counters.Refills > 1000);
    }

    // The first walk misses on the table's own page and loads it; a neighbour's walk finds it in the TLB and makes one reference.
    [Theory]
    [InlineData("mips-linear")]
    [InlineData("linear")]
    public void TheLinearTableMissesOnItsOwnPages(string name)
    {
        MipsRig rig = Rig(name);
        rig.Enter(0x1000, 0);
        rig.Enter(0x1010, 1);
        rig.Enter(0x9000, 2);
        rig.Walk(0x1000);
        Assert.Equal(4, rig.Mmu.Walks.Last.References);
        rig.Walk(0x1010);
        Assert.Equal(1, rig.Mmu.Walks.Last.References);
        rig.Walk(0x9000);
        Assert.Equal(4, rig.Mmu.Walks.Last.References);
        Assert.True(rig.Mmu is not R4000Mmu mmu || mmu.Counters.NestedMisses == 2);
    }

    [Fact]
    public void TheRootOfTheSmallMachineIsWhatTheHandlerWouldLoad()
    {
        MipsRig rig = Rig("mips-hashed:r4000");
        rig.Enter(0x100, 0);
        rig.Enter(0x101, 1, Protection.Read);
        for (ulong number = 0; number < 60; number++)
        {
            rig.Enter(0x200 + (number * 2), 2);
        }

        TranslationRoot root = rig.Pmap.DescribeRoot()!;
        Assert.Equal(("mips", 48), (root.Architecture, root.Tlb.Length));
        ulong first = (MipsRig.Frame(0).Value << 6) | (3 << 3) | Valid;
        Assert.Equal(new TlbEntryImage(0, 0x100000 | rig.Pmap.Tag, first, first + (1 << 6)), root.Tlb[0]);
        Assert.Equal(0UL, root.Tlb[1].EntryLo1);
        Assert.Null(Rig("hashed").Pmap.DescribeRoot());
    }

    private static MipsRig Rig(string name) => new(name, tlb: new(new(4, 4), new(4, 4), new(0, 0), TlbReplacement.Lru));

    private static void Touch(MipsRig rig, ulong page, AccessKind access) =>
        Assert.True(rig.Cpu.Access(MipsRig.Page(page), access, out _), rig.Cpu.LastFault.ToString());

    private static bool Write(R4000Tlb tlb, uint index, ulong mask, ulong pair, ulong lo0, ulong lo1, uint asid)
    {
        tlb.Index = index;
        tlb.PageMask = mask;
        tlb.EntryHi = pair | asid;
        tlb.EntryLo0 = lo0;
        tlb.EntryLo1 = lo1;
        return tlb.TryWriteIndexed();
    }
}
