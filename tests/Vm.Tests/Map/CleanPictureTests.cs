using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Modified pages of shared mappings, written to their file in the range that was asked for and nowhere else.</summary>
public class CleanPictureTests
{
    [Theory]
    [InlineData("FFFFFF", "######", "------")]
    [InlineData("FFFFFF", " ##   ", "D--DDD")]
    [InlineData("FFFFFF", "#     ", "-DDDDD")]
    [InlineData("FFFFFF", "     #", "DDDDD-")]
    [InlineData("FF|FF|FF", " #|##|# ", "D----D")]
    [InlineData("FF|FF|FF", "  |##|  ", "DD--DD")]
    [InlineData("FF|FF|FF", "##|  |  ", "--DDDD")]
    [InlineData("FF..FF", " #### ", "D-..-D")]
    [InlineData("FF..FF", "##    ", "--..DD")]
    [InlineData("..FF..", "##  ##", "..--..")]
    [InlineData("..FF..", "##    ", "..DD..")]
    public void TheRangeIsCleaned(string before, string mark, string after) =>
        MapPicture.Check(
            before,
            mark,
            after,
            (drawn, range) =>
            {
                WriteAll(drawn, before);
                Assert.Equal(VmStatus.Success, drawn.Map.Clean(range));
                Assert.Equal(before, drawn.Look());
            },
            Modified,
            joins: false);

    // B18: a mapping that is read-only by now has modified pages all the same.
    [Fact]
    public void RightsOfNowDoNotMatter() =>
        MapPicture.Check(
            "FFFF",
            "####",
            "----",
            static (drawn, range) =>
            {
                WriteAll(drawn, "FFFF");
                drawn.Map.Protect(range, Protection.Read);
                Assert.Equal(VmStatus.Success, drawn.Map.Clean(range));
                Assert.Equal("ABCD", drawn.Contents());
            },
            Modified);

    // Private copies are nobody's file, and other mappings of the file do not make them so.
    [Fact]
    public void PrivatePagesAreNotTheFiles() => MapPicture.Check("ffff", "####", "ffff", static (drawn, range) =>
    {
        drawn.Write("ABCD");
        Assert.Equal(VmStatus.Success, drawn.Map.Clean(range));
        byte[] first = new byte[1];
        drawn.FileF.Read(PageSize.BaseBytes, first);
        Assert.Equal((byte)'1', first[0]);
    });

    // A page that was cleaned shows its next store.
    [Fact]
    public void AStoreAfterwardsMakesItModifiedAgain() =>
        MapPicture.Check(
            "FFFF",
            "####",
            "-D--",
            static (drawn, range) =>
            {
                WriteAll(drawn, "FFFF");
                drawn.Map.Clean(range);
                drawn.Write(" X");
            },
            Modified);

    private static void WriteAll(MapPicture drawn, string before) =>
        drawn.Write(string.Concat("ABCDEF".Zip(
            before.Replace("|", "", StringComparison.Ordinal), static (letter, page) => page == '.' ? ' ' : letter)));

    // D for modified pages of the file, where it is mapped.
    private static string Modified(MapPicture drawn) =>
        string.Concat(drawn.Look().Replace("|", "", StringComparison.Ordinal).Select((letter, page) =>
            letter == '.' ? '.'
            : drawn.FileF.Object.TryGetPage((ulong)page, out PageFrameNumber frame) && drawn.Vm.System.Pmaps.IsModified(frame) ? 'D'
            : '-'));
}
