using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Insertions into holes, at edges and over something, and the search for space.</summary>
public class InsertPictureTests
{
    [Theory]
    [InlineData("....", " ## ", 'w', ".ww.")]
    [InlineData("rr..rr", "  ## ", 'r', "rrrrrr")]
    [InlineData("rr..ww", "  ## ", 'r', "rrrrww")]
    [InlineData("rr..ww", "  ## ", 'w', "rrwwww")]
    [InlineData("rr..rr", "  #  ", 'r', "rrr.rr")]
    [InlineData("rr..rr", "   # ", 'x', "rr.xrr")]
    [InlineData("ff..", "  ##", 'f', "ffff")]
    [InlineData("ff..", "  ##", 'g', "ffgg")]
    [InlineData("FF..", "  ##", 'F', "FFFF")]
    [InlineData("FF..", "  ##", 'f', "FFff")]
    [InlineData("SS..", "  ##", 'S', "SS|SS")]
    [InlineData("..dd", "##", 'd', "dd|dd")]
    [InlineData("..dd", "##", 'w', "wwdd")]
    public void AFreeRangeIsMappedAndJoinsWhatIsAlike(string before, string mark, char letter, string after) =>
        MapPicture.Check(before, mark, after, (drawn, range) => Insert(drawn, range, letter, VmStatus.Success));

    [Theory]
    [InlineData("rr..rr", "  ## ", 'r', "rr|rr|rr")]
    [InlineData("ff..", "  ##", 'f', "ff|ff")]
    public void NothingJoinsWherePolicySaysSo(string before, string mark, char letter, string after) =>
        MapPicture.Check(before, mark, after, (drawn, range) => Insert(drawn, range, letter, VmStatus.Success), joins: false);

    [Theory]
    [InlineData("rr..rr", " #   ")]
    [InlineData("rr..rr", " ##  ")]
    [InlineData("rr..rr", "   ##")]
    [InlineData("rr..rr", "######")]
    [InlineData(".r....", "###")]
    [InlineData(".r....", " #")]
    public void NothingIsPutOverSomething(string before, string mark) =>
        MapPicture.Check(before, mark, before, static (drawn, range) => Insert(drawn, range, 'r', VmStatus.NoSpace));

    [Fact]
    public void BoundsAndRequestsAreChecked() => MapPicture.Check("r.", "#", "r.", static (drawn, _) =>
    {
        AddressRange bounds = drawn.Map.Bounds;
        Insert(drawn, new(bounds.Start - PageSize.BaseBytes, 2 * PageSize.BaseBytes), 'w', VmStatus.InvalidAddress);
        Insert(drawn, new(bounds.End - PageSize.BaseBytes, 2 * PageSize.BaseBytes), 'w', VmStatus.InvalidAddress);
        Insert(drawn, new(TestVm.Page(1), 0), 'w', VmStatus.InvalidAddress);
        VmMapRequest shared = drawn.Request(TestVm.Pages(1, 1), 'w') with { IsShared = true };
        Assert.Equal(VmStatus.InvalidArgument, drawn.Map.Insert(shared));
        Assert.Throws<ArgumentException>(() => drawn.Map.Insert(drawn.Request(new(TestVm.Page(1) + 1, PageSize.BaseBytes), 'w')));
        Assert.Throws<ArgumentException>(() => drawn.Map.Insert(drawn.Request(new(TestVm.Page(1), 5), 'w')));
    });

    // Everything that is asked for is in the entry, and what an earlier entry had is not.
    [Fact]
    public void AnEntryIsWhatWasAskedForAndNothingElse() => MapPicture.Check("d..", "#", "...", static (drawn, range) =>
    {
        drawn.Map.Wire(range);
        drawn.Map.Advise(range, VmAdvice.Random);
        drawn.Map.Remove(range);
        Insert(drawn, range, 'f', VmStatus.Success);
        VmMapEntry entry = drawn.Map.First!;
        Assert.Equal(
            (Protection.ReadWrite, Protection.All, VmInheritance.Copy, VmAdvice.Normal),
            (entry.Protection, entry.MaxProtection, entry.Inheritance, entry.Advice));
        Assert.Equal(
            (false, true, true, false, false, false),
            (entry.IsShared, entry.CopyOnWrite, entry.NeedsCopy, entry.SharesUpper, entry.IsWired, entry.GrowsDown));
        Assert.Equal((drawn.FileF.Object, 0UL), (entry.Object, entry.Offset));
        drawn.Map.Remove(range);
    });

    [Theory]
    [InlineData("rr.ww..x", 0, 1, 2)]
    [InlineData("rr.ww..x", 0, 2, 5)]
    [InlineData("rr.ww..x", 0, 3, 8)]
    [InlineData("rr.ww..x", 1, 1, 2)]
    [InlineData("rr.ww..x", 2, 1, 2)]
    [InlineData("rr.ww..x", 3, 1, 5)]
    [InlineData("rr.ww..x", 6, 1, 6)]
    [InlineData("rr.ww..x", 6, 2, 8)]
    [InlineData("rr|rr.r", 0, 1, 4)]
    public void TheLowestGapThatFits(string picture, int from, int pages, int expected) =>
        MapPicture.Check(picture, "#", picture, (drawn, _) =>
        {
            Assert.True(drawn.Map.TryFindSpace(TestVm.Page(from), (ulong)pages * PageSize.BaseBytes, out VirtualAddress found));
            Assert.Equal(TestVm.Page(expected), found);
        });

    [Fact]
    public void SpaceIsInsideTheBounds() => MapPicture.Check("r", "#", "r", static (drawn, range) =>
    {
        AddressRange bounds = drawn.Map.Bounds;
        Assert.True(drawn.Map.TryFindSpace(new(0), PageSize.BaseBytes, out VirtualAddress lowest));
        Assert.Equal(bounds.Start, lowest);
        Assert.True(drawn.Map.TryFindSpace(new(0), bounds.End - range.End, out VirtualAddress above));
        Assert.Equal(range.End, above);
        Assert.False(drawn.Map.TryFindSpace(new(0), bounds.End - range.End + PageSize.BaseBytes, out _));
        Assert.False(drawn.Map.TryFindSpace(bounds.End, PageSize.BaseBytes, out _));
    });

    private static void Insert(MapPicture drawn, AddressRange range, char letter, VmStatus expected)
    {
        VmMapRequest request = drawn.Request(range, letter);
        Assert.Equal(expected, drawn.Map.Insert(request));
        if (letter == 'S')
        {
            drawn.Vm.System.ReleaseObject(request.Object!);
        }
    }
}
