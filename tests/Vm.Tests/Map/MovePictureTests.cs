using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Mappings that move to a free range with their pages.</summary>
public class MovePictureTests
{
    [Theory]
    [InlineData("rrww....", " ##", 5, "r..w.rw.")]
    [InlineData("rrww....", "####", 4, "....rrww")]
    [InlineData("r.w.....", "###", 4, "....r.w.")]
    [InlineData("....rrrr", "     ##", 1, ".rr.r..r")]
    [InlineData("rr..rr..", "    ##", 2, "rrrr....")]
    [InlineData("ffff....", " ##", 5, "f..f.ff.")]
    [InlineData("dddd....", "##", 5, "..ww.dd.")]
    [InlineData("........", "##", 5, "........")]
    public void TheRangeMoves(string before, string mark, int to, string after) =>
        MapPicture.Check(before, mark, after, (drawn, range) => Assert.Equal(VmStatus.Success, drawn.Map.Move(range, TestVm.Page(to))));

    [Fact]
    public void NothingJoinsWherePolicySaysSo() =>
        MapPicture.Check(
            "rr..rr..",
            "    ##",
            "rr|rr....",
            static (drawn, range) => Assert.Equal(VmStatus.Success, drawn.Map.Move(range, TestVm.Page(2))),
            joins: false);

    [Theory]
    [InlineData("rrrr..w.", " ##", 2)]
    [InlineData("rrrr..w.", " ##", 3)]
    [InlineData("rrrr..w.", " ##", 5)]
    [InlineData("rrrr..w.", "####", 4)]
    [InlineData("rrrr..w.", "  ##", 1)]
    public void ATargetThatIsNotFreeLeavesAll(string before, string mark, int to) =>
        MapPicture.Check(before, mark, before, (drawn, range) => Assert.Equal(VmStatus.NoSpace, drawn.Map.Move(range, TestVm.Page(to))));

    [Fact]
    public void ATargetOutsideTheBoundsLeavesAll() => MapPicture.Check("rrrr", " ##", "rrrr", static (drawn, range) =>
    {
        AddressRange bounds = drawn.Map.Bounds;
        Assert.Equal(VmStatus.InvalidAddress, drawn.Map.Move(range, bounds.End - PageSize.BaseBytes));
        Assert.Equal(VmStatus.InvalidAddress, drawn.Map.Move(range, bounds.Start - PageSize.BaseBytes));
    });

    [Theory]
    [InlineData("wwww....", "A..D.BC.")]
    [InlineData("w|w|ww....", "A..D.BC.")]
    [InlineData("SSSS....", "A..D.BC.")]
    [InlineData("FFFF....", "A..D.BC.")]
    [InlineData("ffff....", "A..D.BC.")]
    public void PagesMoveWithTheirRange(string before, string contents) =>
        MapPicture.Check(
            before,
            before.Contains('|', StringComparison.Ordinal) ? " |#|#" : " ##",
            contents,
            static (drawn, range) =>
            {
                drawn.Write("ABCD");
                Assert.Equal(VmStatus.Success, drawn.Map.Move(range, TestVm.Page(5)));
                Assert.False(drawn.Vm.CanLoad(drawn.Space, 1));
            },
            static drawn => drawn.Contents());

    [Theory]
    [InlineData("ffff....", "0..3.12.")]
    [InlineData("FFFF....", "0..3.12.")]
    public void AFilesPagesAreThoseOfBefore(string before, string contents) =>
        MapPicture.Check(
            before,
            " ##",
            contents,
            static (drawn, range) => Assert.Equal(VmStatus.Success, drawn.Map.Move(range, TestVm.Page(5))),
            static drawn => drawn.Contents());

    // Only what was locked and mapped is mapped again at once.
    [Fact]
    public void LockedPagesStayLocked() =>
        MapPicture.Check(
            "wwww....",
            " ##",
            "L..-.LL.",
            static (drawn, range) =>
            {
                drawn.Write("ABC");
                Assert.Equal(VmStatus.Success, drawn.Map.Wire(TestVm.Pages(0, 3)));
                Assert.Equal(VmStatus.Success, drawn.Map.Move(range, TestVm.Page(5)));
                drawn.Vm.System.CheckInvariants();
                Assert.Equal((3L, "A.._.BC."), (drawn.Space.Pmap.WiredCount, drawn.Contents()));
            },
            static drawn => drawn.Locks());

    [Fact]
    public void ACopyThatIsOwedMovesAlong()
    {
        foreach (string layer in MapPicture.Layers)
        {
            var drawn = new MapPicture(layer, "wwww....");
            drawn.Write("ABCD");
            VmSpace child = drawn.Vm.Fork(drawn.Space);
            Assert.Equal(VmStatus.Success, drawn.Map.Move(TestVm.Pages(1, 2), TestVm.Page(5)));
            drawn.Write("     X");
            Assert.Equal(("A..D.XC.", "ABCD...."), (drawn.Contents(), drawn.Contents(child)));
        }
    }
}
