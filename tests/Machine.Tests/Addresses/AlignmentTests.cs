using BsdVm.Conformance;

namespace BsdVm.Tests.Addresses;

/// <summary>Pages, alignment and intersection of addresses and ranges, against their definitions.</summary>
public class AlignmentTests
{
    private static readonly PageSize[] Sizes = [PageSize.Base, new(21), new(22), new(30)];

    [Property(500)]
    public void An_address_lies_in_its_page(ulong value)
    {
        var address = new VirtualAddress(value);
        AddressRange page = AddressRange.OfPage(address.Page);
        Assert.True(page.Contains(address));
        Assert.Equal(address, page.Start + address.OffsetInPage);
        Assert.Equal(PageSize.BaseBytes, page.LengthBytes);
        Assert.Equal(value / 4096, address.Page.Value);
    }

    [Property(500)]
    public void Rounding_finds_the_boundaries_around_a_value(uint value, byte which)
    {
        PageSize size = Sizes[which % Sizes.Length];
        ulong down = value - (value % size.Bytes);
        ulong up = down == value ? down : down + size.Bytes;
        Assert.Equal((down, up, down == value), (size.RoundDown(value), size.RoundUp(value), size.Divides(value)));
        Assert.Equal(value % size.Bytes, size.OffsetIn(value));
        var address = new VirtualAddress(value);
        Assert.Equal(
            (down, up, down == value), (address.RoundDown(size).Value, address.RoundUp(size).Value, address.IsAligned(size)));
        var physical = new PhysicalAddress(value);
        Assert.Equal(
            (down, down == value, value % 4096UL), (physical.RoundDown(size).Value, physical.IsAligned(size), physical.OffsetInPage));
    }

    [Property(500)]
    public void An_intersection_has_what_both_ranges_have(byte start, byte length, byte otherStart, byte otherLength)
    {
        var one = new AddressRange(new(start), length);
        var other = new AddressRange(new(otherStart), otherLength);
        AddressRange both = one.Intersect(other);
        Assert.Equal(both, other.Intersect(one));
        for (ulong address = 0; address < 512; address++)
        {
            Assert.Equal(one.Contains(new(address)) && other.Contains(new(address)), both.Contains(new(address)));
        }
    }

    [Property(500)]
    public void Rounding_out_gives_the_smallest_whole_pages(ushort start, ushort length)
    {
        var range = new AddressRange(new(start), length);
        AddressRange whole = range.RoundOut(PageSize.Base);
        Assert.True(whole.IsAligned(PageSize.Base));
        Assert.Equal(length == 0 ? 0UL : (((ulong)start + length - 1) / 4096) - (start / 4096UL) + 1, whole.PageCount);
        Assert.Equal(range, range.Intersect(whole) is { IsEmpty: false } part ? part : range);
        Assert.Equal(range.IsAligned(PageSize.Base), start % 4096 == 0 && length % 4096 == 0);
    }

    [Fact]
    public void Ranges_at_the_top_do_not_wrap()
    {
        AddressRange top = AddressRange.OfPage(new VirtualAddress(ulong.MaxValue).Page);
        Assert.Equal(top, top.Intersect(new AddressRange(top.Start - 4096, 8192)));
        Assert.Equal(top, new AddressRange(top.Last, 1).RoundOut(PageSize.Base));
    }
}
