namespace BsdVm.Tests.Addresses;

public class AddressTests
{
    [Fact]
    public void ArithmeticIsModulo64Bits()
    {
        var top = new VirtualAddress(ulong.MaxValue);
        Assert.Equal(0UL, (top + 1).Value);
        Assert.Equal(ulong.MaxValue, (new VirtualAddress(0) - 1).Value);
        Assert.Equal(5UL, new VirtualAddress(2) - top + 2);
        Assert.True(new VirtualAddress(1) < top && top >= new VirtualAddress(1));
        Assert.Equal("0xffffffffffffffff", top.ToString());
    }

    [Fact]
    public void FramesAndPhysicalAddresses()
    {
        Assert.Equal(0x1237000UL, new PageFrameNumber(0x1237).Address.Value);
        Assert.Equal(new PageFrameNumber(0x1237), new PhysicalAddress(0x1237ABC).Frame);
    }

    [Fact]
    public void ARangeMayEndAtTheTopAndNeverWraps()
    {
        var range = new AddressRange(new(0xFFFFFFFFFFFFF000), 0x1000);
        Assert.Equal((0UL, ulong.MaxValue, 1UL), (range.End.Value, range.Last.Value, range.PageCount));
        Assert.True(range.Contains(new(ulong.MaxValue)));
        Assert.False(range.Contains(new(0)));
        Assert.Throws<ArgumentException>(() => new AddressRange(new(0xFFFFFFFFFFFFF000), 0x1001));
        Assert.Throws<ArgumentException>(() => AddressRange.FromTo(new(2), new(1)));
        Assert.Equal("1000-3000", AddressRange.FromTo(new(0x1000), new(0x3000)).ToString());
    }

    [Theory]
    [InlineData(0, 0, 0, 10, false)]
    [InlineData(5, 0, 0, 10, false)]
    [InlineData(0, 5, 5, 5, false)]
    [InlineData(0, 6, 5, 5, true)]
    [InlineData(7, 1, 5, 5, true)]
    [InlineData(5, 5, 5, 5, true)]
    [InlineData(10, 5, 5, 5, false)]
    public void RangesOverlapWhereTheyShareAnAddress(ulong start, ulong length, ulong otherStart, ulong otherLength, bool overlap)
    {
        var one = new AddressRange(new(start), length);
        var other = new AddressRange(new(otherStart), otherLength);
        Assert.Equal(overlap, one.Overlaps(other));
        Assert.Equal(overlap, other.Overlaps(one));
    }

    [Fact]
    public void RightsOfAccesses()
    {
        Assert.Equal(Protection.Execute, AccessKind.Execute.Right());
        Assert.True(Protection.ReadExecute.Allows(AccessKind.Read) && !Protection.ReadExecute.Allows(AccessKind.Write));
        Assert.True(Protection.All.Allows(Protection.ReadWrite) && !Protection.Read.Allows(Protection.ReadWrite));
        Assert.Equal(
            ["---", "r--", "-w-", "rw-", "--x", "r-x", "-wx", "rwx"], Enumerable.Range(0, 8).Select(set => ((Protection)set).ToText()));
    }

    [Theory]
    [InlineData(12, "4K")]
    [InlineData(21, "2M")]
    [InlineData(30, "1G")]
    [InlineData(9, "512")]
    public void PageSizesReadAsPeopleWriteThem(int shift, string text)
    {
        var size = new PageSize(shift);
        Assert.Equal((text, 1UL << shift, (1UL << shift) - 1), (size.ToString(), size.Bytes, size.OffsetMask));
    }

    // The bits of a translation word, as every backend and the TLBs rely on them.
    [Fact]
    public void NeededFlagsFollowAccessAndMode()
    {
        Assert.Equal(TlbFlags.Valid | TlbFlags.UserRead, TlbFlagsExtensions.Needed(AccessKind.Read, PrivilegeMode.User));
        Assert.Equal(TlbFlags.Valid | TlbFlags.UserWrite | TlbFlags.Dirty, TlbFlagsExtensions.Needed(AccessKind.Write, PrivilegeMode.User));
        Assert.Equal(TlbFlags.Valid | TlbFlags.SupervisorExecute, TlbFlagsExtensions.Needed(AccessKind.Execute, PrivilegeMode.Supervisor));
        Assert.Equal(
            TlbFlags.SupervisorRead | TlbFlags.SupervisorExecute, TlbFlagsExtensions.Rights(
                Protection.ReadExecute, PrivilegeMode.Supervisor));
    }
}
