using BsdVm.X86;

namespace BsdVm.Tests.X86;

public class FormatTests
{
    public static TheoryData<int, Protection, PmapFlags> Everything()
    {
        var data = new TheoryData<int, Protection, PmapFlags>();
        for (int rights = 1; rights < 8; rights++)
        {
            for (int flags = 0; flags < 8; flags++)
            {
                data.Add(rights * flags, (Protection)rights, (PmapFlags)flags);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void TwoLevelEntriesRoundTrip(int salt, Protection rights, PmapFlags flags)
    {
        rights = X86Backends.TwoLevel.Capabilities.Express(rights);
        foreach (ulong frame in new ulong[] { 0, 1, (ulong)salt, 0xABCDE, 0xFFFFF })
        {
            ulong entry = X86TwoLevel.EncodePage(new(frame), rights, flags);
            Assert.Equal(new PmapMapping(new(0x5000), new(frame), rights, flags), X86TwoLevel.DecodePage(new(0x5000), entry));
            Assert.Equal(new PageFrameNumber(frame).Address.Value, X86TwoLevel.PageBase(entry, 1));
            Assert.True(entry is not 0 and <= uint.MaxValue);
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void PaeEntriesRoundTrip(int salt, Protection rights, PmapFlags flags)
    {
        rights = X86Backends.Pae.Capabilities.Express(rights);
        foreach (ulong frame in new ulong[] { 0, 1, (ulong)salt, 0xABCDE, (1UL << 24) - 1 })
        {
            ulong entry = X86Pae.EncodePage(new(frame), rights, flags);
            Assert.Equal(new PmapMapping(new(0x5000), new(frame), rights, flags), X86Pae.DecodePage(new(0x5000), entry));
            Assert.Equal(new PageFrameNumber(frame).Address.Value, X86Pae.PageBase(entry, 1));
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void FourLevelEntriesRoundTrip(int salt, Protection rights, PmapFlags flags)
    {
        rights = X86Backends.FourLevel.Capabilities.Express(rights);
        foreach (ulong frame in new ulong[] { 0, 1, (ulong)salt, 0xABCDE, (1UL << 34) - 1 })
        {
            ulong entry = X86FourLevel.EncodePage(new(frame), rights, flags);
            Assert.Equal(new PmapMapping(new(0x5000), new(frame), rights, flags), X86FourLevel.DecodePage(new(0x5000), entry));
            Assert.Equal(new PageFrameNumber(frame).Address.Value, X86FourLevel.PageBase(entry, 1));
        }
    }

    [Fact]
    public void TableEntriesRoundTripAtEveryLevel()
    {
        for (ulong frame = 1; frame < 1UL << 20; frame = (frame * 3) + 1)
        {
            ulong pde = X86TwoLevel.EncodeTable(new PageFrameNumber(frame).Address, 2);
            Assert.True(X86TwoLevel.IsTable(pde, 2) && X86TwoLevel.TableOf(pde, 2).Value == new PageFrameNumber(frame).Address.Value);
            for (int level = 2; level <= 4; level++)
            {
                ulong entry = X86FourLevel.EncodeTable(new(frame << 26), level);
                Assert.True(X86FourLevel.IsTable(entry, level) && X86FourLevel.TableOf(entry, level).Value == frame << 26);
            }
        }
    }

    // Words put together by hand from the manual's pictures: frame, then the bits from D down to P.
    [Fact]
    public void WordsAreTheManuals()
    {
        Assert.Equal(0x00002067UL, X86TwoLevel.EncodePage(new(2), Protection.All, PmapFlags.Referenced | PmapFlags.Modified));
        Assert.Equal(0x01237005UL, X86TwoLevel.EncodePage(new(0x1237), Protection.ReadExecute, PmapFlags.None));
        Assert.Equal(0x01237205UL, X86TwoLevel.EncodePage(new(0x1237), Protection.ReadExecute, PmapFlags.Wired));
        Assert.Equal(0x00003007UL, X86TwoLevel.EncodeTable(new(0x3000), 2));
        Assert.Equal(0x00C001E3UL, X86TwoLevel.EncodeLarge(
            new(0xC00000),
            2,
            X86EntryFlags.Present | X86EntryFlags.Writable | X86EntryFlags.Accessed | X86EntryFlags.Dirty | X86EntryFlags.Global));

        // PSE-36: address bits 39:32 go to bits 20:13.
        Assert.Equal(0x0054A081UL, X86TwoLevel.EncodeLarge(new(0xA5_0040_0000), 2, X86EntryFlags.Present));
        Assert.Equal(0xA5_0040_0000UL, X86TwoLevel.PageBase(0x0054A081, 2));
        Assert.Equal(
            0x80000000_00002067UL, X86FourLevel.EncodePage(new(2), Protection.ReadWrite, PmapFlags.Referenced | PmapFlags.Modified));
        Assert.Equal(0x00000000_00002007UL, X86FourLevel.EncodePage(new(2), Protection.All, PmapFlags.None));
        Assert.Equal(0x08000000_00002005UL, X86FourLevel.EncodePage(new(2), Protection.Execute, PmapFlags.None));
        Assert.Equal(0x000000FF_C00000E1UL, X86FourLevel.EncodeLarge(
            new(0xFF_C000_0000), 3, X86EntryFlags.Present | X86EntryFlags.Accessed | X86EntryFlags.Dirty));
    }

    [Fact]
    public void ReservedBitsAreTheManuals()
    {
        var registers = new X86Registers { PhysicalAddressBits = 40 };
        Assert.Equal(0UL, X86TwoLevel.ReservedBits(1, false, registers));
        Assert.Equal(0UL, X86TwoLevel.ReservedBits(2, false, registers));
        Assert.Equal(0x200000UL, X86TwoLevel.ReservedBits(2, true, registers));
        Assert.Equal(0x3FE000UL, X86TwoLevel.ReservedBits(2, true, registers with { PhysicalAddressBits = 32 }));
        Assert.Equal(0x3E0000UL, X86TwoLevel.ReservedBits(2, true, registers with { PhysicalAddressBits = 36 }));
        Assert.Equal(0xFFFFFF00_000001E6UL, X86Pae.ReservedBits(3, false, registers));
        Assert.Equal(0x7FFFFF00_00000000UL, X86Pae.ReservedBits(2, false, registers));
        Assert.Equal(0x7FFFFF00_00000000UL, X86Pae.ReservedBits(1, false, registers));
        Assert.Equal(0xFFFFFFF0_001FE000UL, X86Pae.ReservedBits(2, true, registers with { Nxe = false, PhysicalAddressBits = 36 }));
        Assert.Equal(0x000FFF00_00000000UL, X86FourLevel.ReservedBits(1, false, registers));
        Assert.Equal(0x800FFF00_00000000UL, X86FourLevel.ReservedBits(1, false, registers with { Nxe = false }));
        Assert.Equal(0x000FFF00_00000080UL, X86FourLevel.ReservedBits(4, false, registers));
        Assert.Equal(0x000FFF00_001FE000UL, X86FourLevel.ReservedBits(2, true, registers));
        Assert.Equal(0x000FFF00_3FFFE000UL, X86FourLevel.ReservedBits(3, true, registers));
    }
}
