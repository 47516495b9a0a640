using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Neighbours that are alike become one entry, and only those.</summary>
public class JoinPictureTests
{
    [Theory]
    [InlineData("rr|rr|rr", "  |##|  ", "rrrrrr")]
    [InlineData("rr|rr|rr|rr", "##|  |  |  ", "rrrr|rr|rr")]
    [InlineData("rr|rr|rr|rr", "  |  |  |##", "rr|rr|rrrr")]
    [InlineData("rr|rr|rr|rr", "##|##|##|##", "rrrrrrrr")]
    [InlineData("rr|rr|ww|ww", "##|##|##|##", "rrrrwwww")]
    [InlineData("rr.rr|r", "##.##|#", "rr.rrr")]
    [InlineData("ff|ff|gg", "##|##|##", "ffffgg")]
    [InlineData("FF|FF", "##|##", "FFFF")]
    [InlineData("SS|SS", "##|##", "SS|SS")]
    [InlineData("mm|mm", "##|##", "mmmm")]
    [InlineData("rrmm", "####", "rrmm")]
    [InlineData("..dd|dd", "..##|##", "..dd|dd")]
    public void NeighboursJoinInTheRangeAndAtItsEdges(string before, string mark, string after) =>
        MapPicture.Check(before, mark, after, static (drawn, range) => drawn.Map.Simplify(range), joins: false);

    // Alike but for one attribute, which the second half has.
    [Theory]
    [InlineData("inheritance")]
    [InlineData("advice")]
    [InlineData("wired")]
    [InlineData("rights")]
    public void OneDifferenceKeepsThemApart(string attribute) =>
        MapPicture.Check("wwww", "  ##", attribute == "rights" ? "wwaa" : "ww|ww", (drawn, range) =>
        {
            switch (attribute)
            {
                case "inheritance":
                    drawn.Map.Inherit(range, VmInheritance.Share);
                    break;
                case "advice":
                    drawn.Map.Advise(range, VmAdvice.Random);
                    break;
                case "wired":
                    drawn.Map.MarkWired(range);
                    break;
                default:
                    drawn.Map.Protect(range, Protection.All);
                    break;
            }

            drawn.Map.Simplify(TestVm.Pages(0, 4));
        });

    // Pages that do not follow each other in the file.
    [Fact]
    public void AFilesPagesMustBeContinuous() => MapPicture.Check("ff..", "  ##", "ff|ff", static (drawn, range) =>
    {
        Assert.Equal(VmStatus.Success, drawn.Map.Insert(drawn.Request(range, 'f') with { Offset = 3 * PageSize.BaseBytes }));
        drawn.Map.Simplify(TestVm.Pages(0, 4));
    });

    [Theory]
    [InlineData("ww|ww|ww", "AB_DEF")]
    [InlineData("ff|ff|ff", "AB2DEF")]
    [InlineData("SS|SS|SS", "AB_DEF")]
    public void ThePagesStayWhereTheyAre(string before, string contents) =>
        MapPicture.Check(
            before,
            "##|##|##",
            contents,
            static (drawn, range) =>
            {
                drawn.Write("AB DEF");
                drawn.Map.Simplify(range);
            },
            static drawn => drawn.Contents(),
            joins: false);

    // Zeros that nobody has touched join memory that was written, and what is stored later lands in the right place.
    [Theory]
    [InlineData("ww....", "AB__E_")]
    [InlineData("....ww", "____E_")]
    public void UntouchedMemoryJoinsWrittenMemory(string before, string contents) =>
        MapPicture.Check(
            before,
            "#",
            contents,
            (drawn, _) =>
            {
                drawn.Write(before[0] == 'w' ? "AB" : "    EF");
                AddressRange hole = before[0] == 'w' ? TestVm.Pages(2, 4) : TestVm.Pages(0, 4);
                Assert.Equal(VmStatus.Success, drawn.Map.Insert(drawn.Request(hole, 'w')));
                drawn.Write(before[0] == 'w' ? "    E" : "     \0");
            },
            static drawn => drawn.Contents());
}
