using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>What a map says about addresses and ranges, and that asking changes nothing.</summary>
public class LookupPictureTests
{
    [Theory]
    [InlineData("..rr..ww..", "##        ", true)]
    [InlineData("..rr..ww..", "###       ", false)]
    [InlineData("..rr..ww..", "  #       ", false)]
    [InlineData("..rr..ww..", "   ##     ", false)]
    [InlineData("..rr..ww..", "    ##    ", true)]
    [InlineData("..rr..ww..", "    ###   ", false)]
    [InlineData("..rr..ww..", "        ##", true)]
    [InlineData("..rr..ww..", "##########", false)]
    [InlineData("....", "####", true)]
    public void IsFree(string picture, string mark, bool expected) =>
        MapPicture.Check(picture, mark, picture, (drawn, range) => Assert.Equal(expected, drawn.Map.IsFree(range)));

    [Theory]
    [InlineData("..rr|rw.w.", "  ##|##   ", true)]
    [InlineData("..rr|rw.w.", "   #|#    ", true)]
    [InlineData("..rr|rw.w.", "    |##   ", true)]
    [InlineData("..rr|rw.w.", " ###|##   ", false)]
    [InlineData("..rr|rw.w.", "  ##|###  ", false)]
    [InlineData("..rr|rw.w.", "    | ### ", false)]
    [InlineData("..rr|rw.w.", "    |   ##", false)]
    [InlineData("..rr|rw.w.", "^   |     ", true)]
    public void IsMapped(string picture, string mark, bool expected) =>
        MapPicture.Check(picture, mark, picture, (drawn, range) => Assert.Equal(expected, drawn.Map.IsMapped(range)));

    // The entry of each page by its first page, and the entry that each page's look-up from there up finds.
    [Theory]
    [InlineData("..rr|rw.w.", "..2245.7.", "22224577.")]
    [InlineData("w..x", "0..3", "0333")]
    [InlineData("....", "....", "....")]
    public void EveryPageFindsItsEntry(string picture, string at, string from) =>
        MapPicture.Check(picture, "#", picture, (drawn, _) =>
        {
            int width = picture.Count(static letter => letter != '|');
            for (int page = 0; page < width; page++)
            {
                // Twice, because the entry last found is tried first; the last byte is in the page as the first is.
                foreach (ulong offset in new ulong[] { 0, 1, 4095, 0 })
                {
                    Assert.Equal(at.PadRight(width, '.')[page], NumberOf(drawn.Map.Lookup(TestVm.Page(page) + offset)));
                    Assert.Equal(from[page], NumberOf(drawn.Map.FirstFrom(TestVm.Page(page) + offset)));
                }
            }
        });

    // A look-up's hint must not outlive its entry.
    [Fact]
    public void WhatWasFoundLastMayBeGone() =>
        MapPicture.Check("www.", "###", "....", static (drawn, range) =>
        {
            Assert.NotNull(drawn.Map.Lookup(range.Start));
            drawn.Map.Remove(range);
            Assert.Null(drawn.Map.Lookup(range.Start));
        });

    private static char NumberOf(VmMapEntry? entry) =>
        entry is null ? '.' : (char)('0' + (int)(entry.Start.Page - TestVm.Page(0).Page));
}
