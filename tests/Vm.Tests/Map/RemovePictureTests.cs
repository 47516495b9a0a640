using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Ranges unmapped and private pages dropped.</summary>
public class RemovePictureTests
{
    [Theory]
    [InlineData("wwwwww", " ##   ", "w..www")]
    [InlineData("wwwwww", "##    ", "..wwww")]
    [InlineData("wwwwww", "    ##", "wwww..")]
    [InlineData("wwwwww", "######", "......")]
    [InlineData("rrwwxx", " #### ", "r....x")]
    [InlineData("rr|rrxx", " #|#   ", "r..rxx")]
    [InlineData("ww..ww", " #### ", "w....w")]
    [InlineData("..ww..", "######", "......")]
    [InlineData("..ww..", "##    ", "..ww..")]
    [InlineData("..ww..", "    ##", "..ww..")]
    [InlineData("......", " ##", "......")]
    [InlineData("FFFF", " #", "F.FF")]
    [InlineData("ffSSdd", " #### ", "f....w")]
    [InlineData("wwww", "^", "wwww")]
    public void TheRangeGoesAndNothingElse(string before, string mark, string after) =>
        MapPicture.Check(before, mark, after, static (drawn, range) => drawn.Map.Remove(range));

    // Locked or not: programs lose the pages at once, their frames are free, and what stays is what it was.
    [Theory]
    [InlineData("wwwwww", false, "A..DEF", 4)]
    [InlineData("wwwwww", true, "A..DEF", 4)]
    [InlineData("SSSSSS", true, "A..DEF", 6)]
    public void PagesGoWithTheirRange(string before, bool locked, string contents, int frames) =>
        MapPicture.Check(
            before,
            " ##",
            contents,
            (drawn, range) =>
            {
                drawn.Write("ABCDEF");
                if (locked)
                {
                    Assert.Equal(VmStatus.Success, drawn.Map.Wire(TestVm.Pages(0, 6)));
                }

                drawn.Map.Remove(range);
                Assert.Equal((frames, locked ? 4L : 0L), (drawn.Vm.FramesInUse, drawn.Space.Pmap.WiredCount));
                Assert.False(drawn.Vm.CanLoad(drawn.Space, 1));
            },
            static drawn => drawn.Contents());

    [Fact]
    public void WhatIsMappedThereNextIsFresh() =>
        MapPicture.Check(
            "wwww",
            " ## ",
            "A__D",
            static (drawn, range) =>
            {
                drawn.Write("ABCD");
                drawn.Map.Remove(range);
                Assert.Equal(VmStatus.Success, drawn.Map.Insert(drawn.Request(range, 'w')));
            },
            static drawn => drawn.Contents());

    // With amaps private pages are forgotten, and what lies below shows again; for BSD's shadow chains it is a hint. The picture stays.
    [Theory]
    [InlineData("wwwwww", " ##   ", "A__DEF")]
    [InlineData("wwwwww", "######", "______")]
    [InlineData("ww..ww", " #### ", "A_.._F")]
    [InlineData("ffffff", " ##   ", "A12DEF")]
    [InlineData("wwffww", "  #   ", "AB2DEF")]
    [InlineData("SSSSSS", " ##   ", "ABCDEF")]
    [InlineData("FFFFFF", "######", "ABCDEF")]
    public void Drop(string before, string mark, string contents)
    {
        string letters = string.Concat("ABCDEF".Zip(before, static (letter, page) => page == '.' ? '.' : letter));
        foreach (string layer in MapPicture.Layers)
        {
            var drawn = new MapPicture(layer, before);
            drawn.Write(letters.Replace('.', ' '));
            drawn.Map.Drop(MapPicture.Marked(before, mark));
            drawn.Vm.System.CheckInvariants();
            Assert.Equal((before, layer == "amap" ? contents : letters), (drawn.Look(), drawn.Contents()));
        }
    }

    [Fact]
    public void ADroppedPageIsUnlockedAndTheEntryStaysLocked() =>
        MapPicture.Check(
            "wwww",
            " ## ",
            "LLLL",
            static (drawn, range) =>
            {
                Assert.Equal(VmStatus.Success, drawn.Map.Wire(TestVm.Pages(0, 4)));
                drawn.Map.Drop(range);
                Assert.Equal(2, drawn.Space.Pmap.WiredCount);
                drawn.Vm.System.CheckInvariants();
                Assert.Equal("____", drawn.Contents());
                Assert.Equal(4, drawn.Space.Pmap.WiredCount);
            },
            static drawn => drawn.Locks());

    // The other space keeps what it had.
    [Fact]
    public void DroppingIsOneSpacesBusiness()
    {
        foreach (string layer in MapPicture.Layers)
        {
            var drawn = new MapPicture(layer, "wwww");
            drawn.Write("ABCD");
            VmSpace child = drawn.Vm.Fork(drawn.Space);
            drawn.Map.Drop(TestVm.Pages(1, 2));
            drawn.Vm.System.CheckInvariants();
            Assert.Equal((layer == "amap" ? "A__D" : "ABCD", "ABCD"), (drawn.Contents(), drawn.Contents(child)));
        }
    }
}
