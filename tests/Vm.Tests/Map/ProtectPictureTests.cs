using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Rights of a range: cut at its edges, limited by the maximum, and taken from mappings that are there.</summary>
public class ProtectPictureTests
{
    [Theory]
    [InlineData("wwwwww", " ##   ", 'r', "wrrwww")]
    [InlineData("wwwwww", "######", 'r', "rrrrrr")]
    [InlineData("wwwwww", "     #", 'a', "wwwwwa")]
    [InlineData("wwrrxx", " #### ", 'r', "wrrrrx")]
    [InlineData("ww..ww", " #### ", 'n', "wn..nw")]
    [InlineData("..ww..", "######", 'x', "..xx..")]
    [InlineData("..ww..", "##    ", 'r', "..ww..")]
    [InlineData("..ww..", "    ##", 'r', "..ww..")]
    [InlineData("rrwwrr", "  ##  ", 'r', "rrrrrr")]
    [InlineData("mmmm", " ## ", 'n', "rnnr")]
    [InlineData("wwww", " ## ", 'w', "wwww")]
    public void TheRangeAndNothingElse(string before, string mark, char rights, string after) =>
        MapPicture.Check(
            before,
            mark,
            after,
            (drawn, range) => Assert.Equal(VmStatus.Success, drawn.Map.Protect(range, MapPicture.RightsOf(rights))),
            static drawn => drawn.Rights());

    [Fact]
    public void NothingJoinsWherePolicySaysSo() =>
        MapPicture.Check(
            "rrwwrr", "  ##  ", "rr|rr|rr", static (drawn, range) => drawn.Map.Protect(range, Protection.Read), joins: false);

    // A maximum anywhere in the range refuses all of it, and nothing is cut.
    [Theory]
    [InlineData("wwmmww", "######")]
    [InlineData("wwmmww", " ##   ")]
    [InlineData("wwmmww", "   #  ")]
    [InlineData("ww.m", " ###")]
    public void AMaximumRefusesAll(string before, string mark) =>
        MapPicture.Check(before, mark, before, static (drawn, range) =>
            Assert.Equal(VmStatus.ProtectionFailure, drawn.Map.Protect(range, Protection.ReadExecute)));

    [Theory]
    [InlineData("wwmmww", "##    ")]
    [InlineData("wwmmww", "    ##")]
    public void AMaximumBesideTheRangeDoesNot(string before, string mark) =>
        MapPicture.Check(before, mark, mark.StartsWith('#') ? "xxmmww" : "wwmmxx", static (drawn, range) =>
            Assert.Equal(VmStatus.Success, drawn.Map.Protect(range, Protection.ReadExecute)));

    [Theory]
    [InlineData("wwww", 'r', "ABCD", "w  w")]
    [InlineData("wwww", 'n', "A!!D", "w  w")]
    [InlineData("SSSS", 'r', "ABCD", "w  w")]
    [InlineData("ffff", 'n', "A!!D", "w  w")]
    public void ProgramsLoseARightAtOnce(string before, char rights, string contents, string stores) =>
        MapPicture.Check(
            before,
            " ## ",
            contents,
            (drawn, range) =>
            {
                drawn.Write("ABCD");
                drawn.Map.Protect(range, MapPicture.RightsOf(rights));
                for (int page = 0; page < 4; page++)
                {
                    Assert.Equal(stores[page] == 'w', drawn.Vm.Store(drawn.Space, page, (byte)('A' + page)));
                }
            },
            static drawn => drawn.Contents());

    // A right that comes back lets the next fault find the page again; nothing is lost on the way.
    [Fact]
    public void ARightComesBackWithTheNextFault() =>
        MapPicture.Check(
            "wwww",
            " ## ",
            "AXXD",
            static (drawn, range) =>
            {
                drawn.Write("ABCD");
                drawn.Map.Protect(range, Protection.None);
                drawn.Map.Protect(range, Protection.ReadWrite);
                Assert.Equal("ABCD", drawn.Contents());
                drawn.Write(" XX");
            },
            static drawn => drawn.Contents());

    // A private page that another space shares may not become writable by a detour over fewer rights.
    [Fact]
    public void ACopyThatIsOwedStaysOwed()
    {
        foreach (string layer in MapPicture.Layers)
        {
            var drawn = new MapPicture(layer, "wwww");
            drawn.Write("ABCD");
            VmSpace child = drawn.Vm.Fork(drawn.Space);
            drawn.Map.Protect(TestVm.Pages(0, 4), Protection.Read);
            drawn.Map.Protect(TestVm.Pages(0, 4), Protection.ReadWrite);
            drawn.Write(" XX");
            Assert.Equal(("AXXD", "ABCD"), (drawn.Contents(), drawn.Contents(child)));
        }
    }

    // Locked pages whose only right goes are unlocked as mappings, and locked again when rights come back.
    [Fact]
    public void LockedPagesStayLocked() => MapPicture.Check("wwww", "####", "wnnw", static (drawn, range) =>
    {
        Assert.Equal(VmStatus.Success, drawn.Map.Wire(range));
        AddressRange middle = TestVm.Pages(1, 2);
        drawn.Map.Protect(middle, Protection.None);
        drawn.Vm.System.CheckInvariants();
        Assert.Equal(2, drawn.Space.Pmap.WiredCount);
        drawn.Map.Protect(middle, Protection.ReadWrite);
        drawn.Vm.System.CheckInvariants();
        Assert.Equal((4L, "LLLL"), (drawn.Space.Pmap.WiredCount, drawn.Locks()));
        drawn.Map.Protect(middle, Protection.None);
    });
}
