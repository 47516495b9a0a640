using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>An entry cut in two: both parts are alike and see what the whole saw.</summary>
public class ClipPictureTests
{
    [Theory]
    [InlineData("rrrr", "  ^ ", "rr|rr")]
    [InlineData("rrrr", "^   ", "rrrr")]
    [InlineData("rrrr", "    ^", "rrrr")]
    [InlineData("rr|rr", "  |^ ", "rr|rr")]
    [InlineData("rr|rrr", "  | ^ ", "rr|r|rr")]
    [InlineData("rr..rr", "  ^   ", "rr..rr")]
    [InlineData("rr..rr", "   ^  ", "rr..rr")]
    [InlineData("ffff", " ^  ", "f|fff")]
    [InlineData("SSSS", "   ^", "SSS|S")]
    [InlineData("mmmm", "  ^ ", "mm|mm")]
    public void TheEntryThatCrossesTheAddressIsCut(string before, string mark, string after) =>
        MapPicture.Check(before, mark, after, static (drawn, range) => drawn.Map.Split(range.Start));

    // The rear part of a stack is memory like any other: it is the front that grows.
    [Fact]
    public void OnlyTheFrontOfAStackGrows() =>
        MapPicture.Check("..dddd", "    ^", "..ddww", static (drawn, range) => drawn.Map.Split(range.Start));

    [Fact]
    public void BothPartsHaveEveryAttribute() => MapPicture.Check("gggg", "####", "gg|gg", static (drawn, range) =>
    {
        drawn.Map.Inherit(range, VmInheritance.None);
        drawn.Map.Advise(range, VmAdvice.Sequential);
        drawn.Map.MarkWired(range);
        drawn.Map.Split(range.Start + (2 * PageSize.BaseBytes));
        VmMapEntry front = drawn.Map.First!;
        VmMapEntry rear = front.Next!;
        Assert.Equal(Attributes(front), Attributes(rear));
        Assert.Equal((front.Object, front.Offset + (2 * PageSize.BaseBytes)), (rear.Object, rear.Offset));
        Assert.Equal((VmInheritance.None, VmAdvice.Sequential, true), (rear.Inheritance, rear.Advice, rear.IsWired));
    });

    [Theory]
    [InlineData("ffffff", "0X23Y5")]
    [InlineData("wwwwww", "_X__Y_")]
    [InlineData("SSSSSS", "_X__Y_")]
    [InlineData("FFFFFF", "0X23Y5")]
    public void ThePagesStayWhereTheyAre(string before, string contents) =>
        MapPicture.Check(
            before,
            "#",
            contents,
            static (drawn, _) =>
            {
                drawn.Write(" X  Y");
                foreach (int page in new[] { 3, 1, 4 })
                {
                    drawn.Map.Split(TestVm.Page(page));
                }
            },
            static drawn => drawn.Contents());

    // Each part goes with its pages alone.
    [Theory]
    [InlineData("wwwwww", "A..DEF")]
    [InlineData("ffffff", "A..DEF")]
    public void APartThatGoesTakesItsOwnPages(string before, string contents) =>
        MapPicture.Check(
            before,
            " ##",
            contents,
            static (drawn, range) =>
            {
                drawn.Write("ABCDEF");
                int frames = drawn.Vm.FramesInUse;
                drawn.Map.Remove(range);
                Assert.Equal(frames - 2, drawn.Vm.FramesInUse);
            },
            static drawn => drawn.Contents());

    private static object Attributes(VmMapEntry entry) =>
        (entry.Protection, entry.MaxProtection, entry.Inheritance, entry.IsShared, entry.CopyOnWrite, entry.NeedsCopy, entry.SharesUpper,
            entry.IsWired, entry.GrowsDown, entry.Advice, entry.WriteReported);
}
