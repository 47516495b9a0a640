namespace BsdVm.Tests.Tlbs;

/// <summary>TLB entries of 2 MB and 1 GB beside those of 4 KB, and a first level for fetches, loads and stores alike.</summary>
public class PageSizeTests
{
    private const ulong Mega2 = 1UL << 21;
    private const ulong Giga = 1UL << 30;
    private const ulong Valid = (ulong)TlbFlags.Valid;
    private const ulong Physical = 5 * Giga;

    [Fact]
    public void OneFillServesAllPagesOfALargePageInBothLevels()
    {
        TlbHierarchy tlb = Make("l1=4x4,l2=8x2,pages=4k+2m");
        tlb.Fill(Mega2 + 0x7123, 3, AccessKind.Read, (Physical + 0x7000) | Valid, 21);
        for (ulong page = 0; page < 512; page++)
        {
            ulong address = Mega2 + (page * PageSize.BaseBytes) + 0x456;
            Assert.Equal((Physical + (page * PageSize.BaseBytes)) | Valid, tlb.LookupFirst(address, 3, AccessKind.Write));
            Assert.Equal((Physical + (page * PageSize.BaseBytes)) | Valid, tlb.LookupSecond(address, 3));
            Assert.Equal(21, tlb.SecondPageShift);
        }

        Assert.Equal((0UL, 0UL), (tlb.LookupFirst((2 * Mega2) - 1, 2, AccessKind.Read), tlb.LookupSecond((2 * Mega2) - 1, 2)));
        Assert.Equal((0UL, 0UL), (tlb.LookupFirst(2 * Mega2, 3, AccessKind.Read), tlb.LookupSecond(Mega2 - 1, 3)));
        Assert.Equal(0UL, tlb.LookupFirst(Mega2, 3, AccessKind.Execute));
        Assert.Equal((Mega2, 0UL, Mega2), (tlb.Data.ReachBytes, tlb.Instruction.ReachBytes, tlb.Second!.ReachBytes));
    }

    [Fact]
    public void APageThatBecomesGlobalInPlaceOutlivesAFlush()
    {
        TlbHierarchy tlb = Make("l1=4x4,l2=8x2");
        const ulong Global = Physical | Valid | (ulong)TlbFlags.Global;
        tlb.Fill(Mega2, 0, AccessKind.Read, Physical | Valid);
        tlb.Upgrade(Mega2, 0, AccessKind.Read, Global);
        tlb.Flush(keepGlobal: true);
        Assert.Equal(Global, tlb.LookupFirst(Mega2, 0, AccessKind.Read));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(511)]
    public void InvalidatingAnyPageDropsTheLargeOne(ulong page)
    {
        TlbHierarchy tlb = Make("l1=4x4,l2=8x2,pages=4k+2m");
        tlb.Fill(Mega2 + 0x7000, 3, AccessKind.Read, (Physical + 0x7000) | Valid, 21);
        Assert.NotEqual(0UL, tlb.LookupFirst(Mega2 + 0x5000, 3, AccessKind.Read));
        tlb.InvalidatePage(Mega2 + (page * PageSize.BaseBytes), 3);

        // The page that was used last is another part of the same large page.
        Assert.Equal(0UL, tlb.LookupFirst(Mega2 + 0x5000, 3, AccessKind.Read));
        Assert.Equal(0UL, tlb.LookupSecond(Mega2 + 0x5000, 3));
        Assert.Empty(tlb.Entries);
    }

    [Fact]
    public void ARangeThatTouchesALargePageDropsIt()
    {
        TlbHierarchy tlb = Make("l1=4x4,l2=8x2,pages=4k+2m");
        tlb.Fill(Mega2 + 0x1000, 3, AccessKind.Read, (Physical + 0x1000) | Valid, 21);
        tlb.InvalidateRange(new(new(2 * Mega2), Mega2), 3);
        tlb.InvalidateRange(new(new(0), Mega2), 3);
        tlb.InvalidateRange(new(new(Mega2), Mega2), 2);
        Assert.NotEqual(0UL, tlb.LookupFirst(Mega2 + 0x1000, 3, AccessKind.Read));
        tlb.InvalidateRange(new(new((2 * Mega2) - 0x1000), Mega2), 3);
        Assert.Equal(0UL, tlb.LookupFirst(Mega2 + 0x1000, 3, AccessKind.Read));
        Assert.Empty(tlb.Entries);
    }

    [Theory]
    [InlineData("4k", 30, 1, 0x1000)]
    [InlineData("4k+64k", 21, 1, 0x10000)]
    [InlineData("4k+2m", 30, 1, 0x200000)]
    [InlineData("4k+2m+1g", 30, 2, 0x40000000)]
    [InlineData("4k+2m+1g", 29, 1, 0x200000)]
    public void ATlbWithoutTheSizeTakesTheLargestPartThatItHas(string pages, int pageShift, int hits, ulong reach)
    {
        TlbHierarchy tlb = Make($"l1=4x4,l2=8x2,pages={pages}");
        tlb.Fill(Giga + 0x1234_5000, 0, AccessKind.Read, (Physical + 0x1234_5000) | Valid, pageShift);
        Assert.Equal((Physical + 0x1234_5000) | Valid, tlb.LookupFirst(Giga + 0x1234_5FFF, 0, AccessKind.Read));
        Assert.Equal(reach, tlb.Data.ReachBytes);
        int found = new[] { 0x1234_5000UL, 0x3234_5000UL }.Count(offset =>
            tlb.LookupSecond(Giga + offset, 0) == ((Physical + offset) | Valid));
        Assert.Equal(hits, found);
    }

    [Fact]
    public void OfTwoSizesOfOneAddressTheSmallerIsUsed()
    {
        TlbHierarchy tlb = Make("l1=4x4,l2=8x8,pages=4k+2m+1g");
        tlb.Fill(Giga + 0x1000, 1, AccessKind.Read, (Physical + 0x1000) | Valid, 30);
        tlb.Fill(Giga + Mega2, 1, AccessKind.Read, (Physical + (7 * Mega2)) | Valid, 21);
        tlb.Fill(Giga + Mega2 + 0x3000, 1, AccessKind.Read, 0x9000 | Valid);
        Assert.Equal(0x9000 | Valid, tlb.LookupFirst(Giga + Mega2 + 0x3000, 1, AccessKind.Read));
        Assert.Equal((Physical + (7 * Mega2) + 0x4000) | Valid, tlb.LookupFirst(Giga + Mega2 + 0x4000, 1, AccessKind.Read));
        Assert.Equal((Physical + 0x5000) | Valid, tlb.LookupFirst(Giga + 0x5000, 1, AccessKind.Read));
        Assert.Equal((12, 21, 30), (ShiftOf(tlb, Giga + Mega2 + 0x3000), ShiftOf(tlb, Giga + Mega2), ShiftOf(tlb, Giga)));
        Assert.Equal(Giga + Mega2 + 0x1000, tlb.Data.ReachBytes);

        tlb.InvalidatePage(Giga + Mega2 + 0x3000, 1);
        Assert.Equal((0UL, 0UL), (tlb.Data.ReachBytes, tlb.Second!.ReachBytes));
    }

    [Fact]
    public void AnUpgradeToAnotherSizeDropsTheOldOne()
    {
        TlbHierarchy tlb = Make("l1=4x4,l2=8x2,pages=4k+2m");
        tlb.Fill(Mega2 + 0x3000, 1, AccessKind.Execute, 0x9000 | Valid);
        tlb.Fill(Mega2 + 0x3000, 1, AccessKind.Read, 0x9000 | Valid);
        tlb.Upgrade(Mega2 + 0x3000, 1, AccessKind.Read, (Physical + 0x3000) | Valid, 21);
        Assert.Equal((Physical + 0x3000) | Valid, tlb.LookupFirst(Mega2 + 0x3000, 1, AccessKind.Read));
        Assert.Equal((Physical + 0x3000) | Valid, tlb.LookupSecond(Mega2 + 0x3000, 1));

        // Fetches used the same page last: what they had is gone with it.
        Assert.Equal(0UL, tlb.LookupFirst(Mega2 + 0x3000, 1, AccessKind.Execute));
        Assert.Equal((Mega2, 0UL, Mega2), (tlb.Data.ReachBytes, tlb.Instruction.ReachBytes, tlb.Second!.ReachBytes));

        tlb.Upgrade(Mega2 + 0x3000, 1, AccessKind.Read, 0x8000 | Valid);
        Assert.Equal((0x1000UL, 0x1000UL), (tlb.Data.ReachBytes, tlb.Second.ReachBytes));
        Assert.Equal(0x8000 | Valid, tlb.LookupFirst(Mega2 + 0x3000, 1, AccessKind.Read));
        Assert.Equal(0UL, tlb.LookupFirst(Mega2, 1, AccessKind.Read));
    }

    [Fact]
    public void AnUpgradeDropsAGlobalPageOfAnotherSizeToo()
    {
        TlbHierarchy tlb = Make("l1=4x4,l2=8x2,pages=4k+2m");
        tlb.Fill(Mega2, 1, AccessKind.Read, 0x9000 | Valid | (ulong)TlbFlags.Global);
        tlb.Upgrade(Mega2, 1, AccessKind.Read, Physical | Valid, 21);
        tlb.Fill(0, 1, AccessKind.Read, 0x7000 | Valid);
        Assert.Equal(Physical | Valid, tlb.LookupFirst(Mega2, 1, AccessKind.Read));
        Assert.Equal(Physical | Valid, tlb.LookupSecond(Mega2, 1));
    }

    [Fact]
    public void LargePagesCarryTagsAndMayBeGlobal()
    {
        TlbHierarchy tlb = Make("l1=4x4,l2=8x2,pages=4k+2m");
        const ulong Global = (ulong)TlbFlags.Global | Valid;
        tlb.Fill(Mega2, 1, AccessKind.Read, Physical | Valid, 21);
        tlb.Fill(Mega2, 2, AccessKind.Read, (2 * Physical) | Valid, 21);
        tlb.Fill(2 * Mega2, 2, AccessKind.Read, (3 * Physical) | Global, 21);
        Assert.Equal((Physical + 0x1000) | Valid, tlb.LookupFirst(Mega2 + 0x1000, 1, AccessKind.Read));
        Assert.Equal(((2 * Physical) + 0x1000) | Valid, tlb.LookupFirst(Mega2 + 0x1000, 2, AccessKind.Read));
        Assert.Equal(((3 * Physical) + 0x1000) | Global, tlb.LookupFirst((2 * Mega2) + 0x1000, 9, AccessKind.Read));

        tlb.Flush(keepGlobal: true);
        Assert.Equal(0UL, tlb.LookupFirst(Mega2 + 0x1000, 1, AccessKind.Read));
        Assert.Equal(((3 * Physical) + 0x2000) | Global, tlb.LookupFirst((2 * Mega2) + 0x2000, 1, AccessKind.Read));
        tlb.InvalidatePage((2 * Mega2) + 0x7000, 4);
        Assert.Empty(tlb.Entries);
        Assert.Equal(0UL, tlb.LookupFirst((2 * Mega2) + 0x2000, 1, AccessKind.Read));
    }

    [Fact]
    public void LargePagesOfTheUpperHalfAreNotConfusedWithSizes()
    {
        TlbHierarchy tlb = Make("l1=8x8,l2=8x2,pages=4k+2m+1g");
        const ulong Kernel = 0xFFFF_8000_0000_0000;
        tlb.Fill(Kernel + 0x1000, 0, AccessKind.Read, 0x9000 | Valid);
        tlb.Fill(Kernel + Mega2 + 0x1000, 0, AccessKind.Read, (Physical + 0x1000) | Valid, 21);
        tlb.Fill(Kernel + Giga + 0x1000, 0, AccessKind.Read, ((2 * Physical) + 0x1000) | Valid, 30);
        Assert.Equal((Physical + 0x2000) | Valid, tlb.LookupFirst(Kernel + Mega2 + 0x2000, 0, AccessKind.Read));
        Assert.Equal(((2 * Physical) + 0x2000) | Valid, tlb.LookupFirst(Kernel + Giga + 0x2000, 0, AccessKind.Read));
        Assert.Equal(1 + 512 + 262_144, tlb.Data.Entries.Count());
        Assert.All(tlb.Data.Entries, static entry => Assert.True(entry.Page.Value >= Kernel && entry.Page.Value < Kernel + (2 * Giga)));
        tlb.InvalidateRange(new(new(Kernel), 2 * Giga), 0);
        Assert.Empty(tlb.Entries);
    }

    [Fact]
    public void AJointTlbEvictsAcrossKindsOfAccess()
    {
        TlbHierarchy tlb = Make("l1u=2x2,l2=0x0");
        Assert.Same(tlb.Data, tlb.Instruction);
        tlb.Fill(0x1000, 0, AccessKind.Execute, 0x1000 | Valid);
        tlb.Fill(0x2000, 0, AccessKind.Read, 0x2000 | Valid);
        Assert.Equal(0x1000 | Valid, tlb.LookupFirst(0x1000, 0, AccessKind.Read));
        tlb.LookupFirst(0x2000, 0, AccessKind.Execute);

        // Loads used page 1 last, but fetches have used page 2 since: page 1 is the older one.
        tlb.Fill(0x3000, 0, AccessKind.Write, 0x3000 | Valid);
        Assert.Equal(0UL, tlb.LookupFirst(0x1000, 0, AccessKind.Read));
        Assert.Equal(0x2000 | Valid, tlb.LookupFirst(0x2000, 0, AccessKind.Read));
        tlb.LookupFirst(0x3000, 0, AccessKind.Execute);
        tlb.LookupFirst(0x2000, 0, AccessKind.Read);
        tlb.Fill(0x4000, 0, AccessKind.Execute, 0x4000 | Valid);
        Assert.Equal([0x2000UL, 0x4000UL], tlb.Data.Entries.Select(static entry => entry.Page.Value).Order());
    }

    [Theory]
    [InlineData("pages=4k+2m", "l1=64x64,l2=1536x12,pages=4k+2m")]
    [InlineData("pages=4k+2m+1g", "l1=64x64,l2=1536x12,pages=4k+2m+1g")]
    [InlineData("pages=4k+2048k+1024m", "l1=64x64,l2=1536x12,pages=4k+2m+1g")]
    [InlineData("pages=4k+64k,l1=8x8", "l1=8x8,l2=1536x12,pages=4k+64k")]
    [InlineData("l1u=48x3,policy=plru,l2=0x0", "l1u=48x3,l2=0x0,policy=plru")]
    [InlineData("pages=4k+2m,l2=96x12,l1u=48x48", "l1u=48x48,l2=96x12,pages=4k+2m")]
    public void SizesAndJointTlbsAreReadAndPrinted(string text, string printed)
    {
        TlbSpecification specification = Make(text).Specification;
        Assert.Equal(printed, specification.ToString());
        Assert.Equal(specification, Make(printed).Specification);
        Assert.Equal(printed.Contains("l1u", StringComparison.Ordinal), specification.IsJoint);
        Assert.NotEqual(TlbSpecification.Default, specification);
    }

    [Theory]
    [InlineData("pages=", "sizes are a power of two")]
    [InlineData("pages=4k+", "sizes are a power of two")]
    [InlineData("pages=4k+2", "sizes are a power of two")]
    [InlineData("pages=4k+2t", "sizes are a power of two")]
    [InlineData("pages=4k+0m", "sizes are a power of two")]
    [InlineData("pages=4k+-2m", "sizes are a power of two")]
    [InlineData("pages=4k+99999999999m", "sizes are a power of two")]
    [InlineData("pages=4k+1073741824g", "4k, and up to two larger sizes")]
    [InlineData("pages=1k+4k", "4k, and up to two larger sizes")]
    [InlineData("pages=4k+4k", "in ascending order")]
    [InlineData("pages=4k+64k+2m+1g", "up to two larger sizes")]
    [InlineData("pages=4k,pages=4k", "'pages' is given twice")]
    [InlineData("l1u=0x0", "only the second level can be left out")]
    [InlineData("l1u=10x3", "cannot be divided into sets of 3 ways")]
    [InlineData("l1u=64", "should be entries x ways")]
    [InlineData("l1u=8x8,l1i=8x8", "no other l1 beside it")]
    [InlineData("l1=8x8,l1u=8x8", "no other l1 beside it")]
    public void BadSizesAndJointTlbsAreRefusedWithAReason(string text, string reason)
    {
        Assert.False(TlbSpecification.TryParse(text, out _, out string error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void AJointFirstLevelHasOneShape() =>
        Assert.Throws<ArgumentException>(() => new TlbSpecification(new(8, 8), new(4, 4), new(0, 0), TlbReplacement.Lru, isJoint: true));

    private static TlbHierarchy Make(string text)
    {
        Assert.True(TlbSpecification.TryParse(text, out TlbSpecification specification, out string error), error);
        return new(specification);
    }

    private static int ShiftOf(TlbHierarchy tlb, ulong address)
    {
        tlb.LookupSecond(address, 1);
        return tlb.SecondPageShift;
    }
}
