using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Inheritance and advice of a range: cut at its edges, holes passed over, alike neighbours joined again.</summary>
public class AttributePictureTests
{
    [Theory]
    [InlineData("wwwwww", " ##   ", "cnnccc")]
    [InlineData("wwwwww", "######", "nnnnnn")]
    [InlineData("wwwwww", "#     ", "nccccc")]
    [InlineData("wwwwww", "     #", "cccccn")]
    [InlineData("ww..ww", " #### ", "cn..nc")]
    [InlineData("..ww..", "######", "..nn..")]
    [InlineData("..ww..", "##    ", "..cc..")]
    [InlineData("..ww..", "    ##", "..cc..")]
    [InlineData("rrffFF", " #### ", "cn|nn|ns")]
    public void Inherit(string before, string mark, string after) =>
        MapPicture.Check(
            before,
            mark,
            after,
            static (drawn, range) => drawn.Map.Inherit(range, VmInheritance.None),
            static drawn => drawn.Inheritance());

    [Theory]
    [InlineData(VmInheritance.Copy, "cccccc")]
    [InlineData(VmInheritance.Share, "cssssc")]
    [InlineData(VmInheritance.Zero, "czzzzc")]
    [InlineData(VmInheritance.None, "cnnnnc")]
    public void EveryInheritance(VmInheritance inheritance, string after) =>
        MapPicture.Check(
            "wwwwww", " #### ", after, (drawn, range) => drawn.Map.Inherit(range, inheritance), static drawn => drawn.Inheritance());

    [Theory]
    [InlineData("wwwwww", " ##   ", "nrrnnn")]
    [InlineData("ww..ww", " #### ", "nr..rn")]
    [InlineData("..ww..", "######", "..rr..")]
    [InlineData("..ww..", "##  ##", "..rr..")]
    [InlineData("FFFFFF", "     #", "nnnnnr")]
    public void Advise(string before, string mark, string after) =>
        MapPicture.Check(
            before, mark, after, static (drawn, range) => drawn.Map.Advise(range, VmAdvice.Random), static drawn => drawn.Advice());

    [Theory]
    [InlineData(true, "wwwwww")]
    [InlineData(false, "w|ww|www")]
    public void WhatIsAlikeAgainJoins(bool joins, string after) =>
        MapPicture.Check(
            "wwwwww",
            " ##   ",
            after,
            static (drawn, range) =>
            {
                drawn.Map.Inherit(range, VmInheritance.None);
                drawn.Map.Advise(range, VmAdvice.Sequential);
                drawn.Map.Inherit(range, VmInheritance.Copy);
                drawn.Map.Advise(range, VmAdvice.Normal);
            },
            joins: joins);

    [Fact]
    public void RangesArePageAligned() => MapPicture.Check("ww", "#", "ww", static (drawn, range) =>
    {
        var odd = new AddressRange(range.Start + 1, PageSize.BaseBytes);
        Assert.Throws<ArgumentException>(() => drawn.Map.Inherit(odd, VmInheritance.None));
        Assert.Throws<ArgumentException>(() => drawn.Map.Advise(odd, VmAdvice.Random));
        Assert.Throws<ArgumentException>(() => drawn.Map.Protect(odd, Protection.Read));
        Assert.Throws<ArgumentException>(() => drawn.Map.Remove(odd));
    });
}
