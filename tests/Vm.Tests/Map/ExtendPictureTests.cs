using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Mappings that grow at their end, and stacks that grow at their start.</summary>
public class ExtendPictureTests
{
    [Theory]
    [InlineData("rr..ww", "  # ", "rrr.ww")]
    [InlineData("rr..ww", "  ##", "rrrrww")]
    [InlineData("rr..rr", "  ##", "rrrrrr")]
    [InlineData("rr..rr", "      #", "rr..rrr")]
    [InlineData("ff..", "  ##", "ffff")]
    [InlineData("FF..", "  ##", "FFFF")]
    [InlineData("SS..", "  ##", "SSSS")]
    public void TheMappingBelowGrows(string before, string mark, string after) =>
        MapPicture.Check(before, mark, after, static (drawn, range) =>
            Assert.Equal(VmStatus.Success, drawn.Map.Extend(range.Start, range.LengthBytes)));

    [Theory]
    [InlineData("rr..ww", "  ###", VmStatus.NoSpace)]
    [InlineData("rr|rr", "  |#", VmStatus.NoSpace)]
    [InlineData("rrww", "  #", VmStatus.NoSpace)]
    [InlineData("rrrr", "  #", VmStatus.InvalidAddress)]
    [InlineData("rr..ww", "   # ", VmStatus.InvalidAddress)]
    [InlineData("....", " # ", VmStatus.InvalidAddress)]
    public void NothingHappensWhereItCannot(string before, string mark, VmStatus expected) =>
        MapPicture.Check(before, mark, before, (drawn, range) =>
            Assert.Equal(expected, drawn.Map.Extend(range.Start, range.LengthBytes)));

    [Fact]
    public void TheBoundsAreNotLeft() => MapPicture.Check("r.", "#", "r.", static (drawn, _) =>
    {
        AddressRange last = new(drawn.Map.Bounds.End - PageSize.BaseBytes, PageSize.BaseBytes);
        Assert.Equal(VmStatus.Success, drawn.Map.Insert(drawn.Request(last, 'w')));
        Assert.Equal(VmStatus.InvalidAddress, drawn.Map.Extend(last.End, PageSize.BaseBytes));
        drawn.Map.Remove(last);
    });

    [Theory]
    [InlineData("ww..", "AB__")]
    [InlineData("ff..", "AB23")]
    [InlineData("FF..", "AB23")]
    public void WhatIsNewIsFreshOrTheFilesNext(string before, string contents) =>
        MapPicture.Check(
            before,
            "  ##",
            contents,
            static (drawn, range) =>
            {
                drawn.Write("AB");
                Assert.Equal(VmStatus.Success, drawn.Map.Extend(range.Start, range.LengthBytes));
            },
            static drawn => drawn.Contents());

    // The parent's layer holds what the child still sees there, and may not show it again: B7 in the shape of mremap.
    [Theory]
    [InlineData("wwww", "AB__", "ABCD")]
    [InlineData("ffff", "AB23", "ABCD")]
    [InlineData("SSSS", "ABCD", "ABCD")]
    public void PagesOfAnEarlierUseDoNotComeBack(string before, string contents, string childs)
    {
        foreach (string layer in MapPicture.Layers)
        {
            var drawn = new MapPicture(layer, before);
            drawn.Write("ABCD");
            VmSpace child = drawn.Vm.Fork(drawn.Space);
            AddressRange rear = TestVm.Pages(2, 2);
            drawn.Map.Remove(rear);
            Assert.Equal(VmStatus.Success, drawn.Map.Extend(rear.Start, rear.LengthBytes));
            drawn.Vm.System.CheckInvariants();
            Assert.Equal((contents, childs), (drawn.Contents(), drawn.Contents(child)));
        }
    }

    [Fact]
    public void ALockedMappingBringsItsNewPagesIn() =>
        MapPicture.Check(
            "ww..",
            "  ##",
            "LLLL",
            static (drawn, range) =>
            {
                Assert.Equal(VmStatus.Success, drawn.Map.Wire(TestVm.Pages(0, 2)));
                Assert.Equal(VmStatus.Success, drawn.Map.Extend(range.Start, range.LengthBytes));
                Assert.Equal((4L, "RRRR"), (drawn.Space.Pmap.WiredCount, drawn.Residency()));
            },
            static drawn => drawn.Locks());

    [Theory]
    [InlineData("...dd", "  #", "..ddd")]
    [InlineData("r..dd", " ##", "rdddd")]
    [InlineData("r..dd", "^", "r..dd")]
    public void AStackGrowsDown(string before, string mark, string after) =>
        MapPicture.Check(before, mark, after, static (drawn, range) =>
            Assert.Equal(
                range.IsEmpty ? VmStatus.NoSpace : VmStatus.Success, drawn.Map.GrowDown(drawn.Map.Lookup(TestVm.Page(3))!, range.Start)));

    [Fact]
    public void AStackStaysInTheBounds() => MapPicture.Check("dd", "#", "dd", static (drawn, _) =>
        Assert.Equal(VmStatus.InvalidAddress, drawn.Map.GrowDown(drawn.Map.First!, drawn.Map.Bounds.Start - PageSize.BaseBytes)));

    // Whatever the layer can do, one entry grows after that, and it is the lowest; what is new is zero.
    [Theory]
    [InlineData(false, "___AB")]
    [InlineData(true, "___AB")]
    public void AWrittenStackGrowsByZeros(bool forked, string contents) =>
        MapPicture.Check(
            "...dd",
            " ##",
            "." + contents[1..],
            (drawn, range) =>
            {
                drawn.Write("   AB");
                VmSpace? child = forked ? drawn.Vm.Fork(drawn.Space) : null;
                Assert.Equal(VmStatus.Success, drawn.Map.GrowDown(drawn.Map.First!, range.Start));
                Assert.True(drawn.Map.First!.GrowsDown);
                Assert.Equal(range.Start, drawn.Map.First.Start);
                for (VmMapEntry? above = drawn.Map.First.Next; above is not null; above = above.Next)
                {
                    Assert.False(above.GrowsDown);
                }

                if (child is not null)
                {
                    Assert.Equal("...AB", drawn.Contents(child));
                }
            },
            static drawn => drawn.Contents());
}
