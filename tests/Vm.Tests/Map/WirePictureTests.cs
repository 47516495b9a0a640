using BsdVm.Tests.Support;

namespace BsdVm.Tests.Map;

/// <summary>Pages locked in memory, marked as locked, brought in, and unlocked.</summary>
public class WirePictureTests
{
    [Theory]
    [InlineData("wwwwww", " ##   ", "-LL---", 2)]
    [InlineData("wwwwww", "######", "LLLLLL", 6)]
    [InlineData("ww..ww", " #### ", "-L..L-", 2)]
    [InlineData("..rr..", "######", "..LL..", 2)]
    [InlineData("..rr..", "##    ", "..--..", 0)]
    [InlineData("rrnnrr", " #### ", "-L|LL|L-", 2)]
    [InlineData("FFFF", " ##", "-LL-", 2)]
    public void Wire(string before, string mark, string after, long wired) =>
        MapPicture.Check(
            before,
            mark,
            after,
            (drawn, range) =>
            {
                Assert.Equal(VmStatus.Success, drawn.Map.Wire(range));
                Assert.Equal(wired, drawn.Space.Pmap.WiredCount);
            },
            static drawn => drawn.Locks());

    // Private memory that may be written is copied now, so that no later store has to wait.
    [Fact]
    public void AStoreToALockedPageDoesNotFault() => MapPicture.Check("ffff", "####", "ffff", static (drawn, range) =>
    {
        Assert.Equal(VmStatus.Success, drawn.Map.Wire(range));
        long faults = drawn.Vm.Cpu.Counters.Faults;
        drawn.Write("ABCD");
        Assert.Equal(faults, drawn.Vm.Cpu.Counters.Faults);
    });

    // The file ends after 16 pages: what this call locked is unlocked again, what was locked before is not.
    [Fact]
    public void AFailureUnlocksWhatThisCallLocked() =>
        MapPicture.Check(
            "wwffffffffffffffff",
            "##################",
            "-L----------------",
            static (drawn, range) =>
            {
                Assert.Equal(VmStatus.Success, drawn.Map.Wire(TestVm.Pages(1, 1)));
                Assert.Equal(VmStatus.OutOfRange, drawn.Map.Wire(range));
                Assert.Equal(1, drawn.Space.Pmap.WiredCount);
            },
            static drawn => drawn.Locks().Replace("|", "", StringComparison.Ordinal));

    [Fact]
    public void LockingTwiceIsLockingOnce() =>
        MapPicture.Check(
            "wwww",
            "####",
            "----",
            static (drawn, range) =>
            {
                drawn.Map.Wire(range);
                drawn.Map.Wire(range);
                drawn.Map.Unwire(range);
                Assert.Equal(0, drawn.Space.Pmap.WiredCount);
            },
            static drawn => drawn.Locks());

    [Theory]
    [InlineData("wwwwww", " ##   ", "L--LLL", 4)]
    [InlineData("wwwwww", "######", "------", 0)]
    [InlineData("wwwwww", "     #", "LLLLL-", 5)]
    [InlineData("ww..ww", " #### ", "L-..-L", 2)]
    public void Unwire(string before, string mark, string after, long wired) =>
        MapPicture.Check(
            before,
            mark,
            after,
            (drawn, range) =>
            {
                Assert.Equal(VmStatus.Success, drawn.Map.Wire(TestVm.Pages(0, 6)));
                drawn.Map.Unwire(range);
                Assert.Equal(wired, drawn.Space.Pmap.WiredCount);
            },
            static drawn => drawn.Locks());

    // Marked pages are locked one by one, as they come.
    [Fact]
    public void MarkWired() =>
        MapPicture.Check(
            "wwwwww",
            " #### ",
            "-LLLL-",
            static (drawn, range) =>
            {
                drawn.Map.MarkWired(range);
                Assert.Equal((0L, "------"), (drawn.Space.Pmap.WiredCount, drawn.Residency()));
                drawn.Write("A B  F");
                Assert.Equal(1, drawn.Space.Pmap.WiredCount);
            },
            static drawn => drawn.Locks());

    [Theory]
    [InlineData("wwwwww", " ##   ", "-RR---", VmStatus.Success)]
    [InlineData("ww..ww", " #### ", "-R..R-", VmStatus.Success)]
    [InlineData("wwnnww", "######", "RR--RR", VmStatus.Success)]
    [InlineData("..FF..", " ###", "..RR..", VmStatus.Success)]
    [InlineData("..........FFFFFFFF", "          ########", "..........RRRRRR--", VmStatus.OutOfRange)]
    public void Populate(string before, string mark, string after, VmStatus expected) =>
        MapPicture.Check(
            before,
            mark,
            after,
            (drawn, range) =>
            {
                Assert.Equal(expected, drawn.Map.Populate(range));
                Assert.Equal(before, drawn.Look().Replace("|", "", StringComparison.Ordinal));
                Assert.Equal(0, drawn.Space.Pmap.WiredCount);
            },
            static drawn => drawn.Residency());

    // What is in memory, in whatever layer it is; a hole is not.
    [Theory]
    [InlineData("wwwwww", " X  X ", "-R--R-")]
    [InlineData("ffffff", " X    ", "-R----")]
    [InlineData("ww..SS", " X   X", "-R..-R")]
    public void IsResident(string before, string stores, string after) =>
        MapPicture.Check(before, "#", after, (drawn, _) => drawn.Write(stores), static drawn => drawn.Residency());

    [Fact]
    public void AFilesPageIsResidentForEveryMappingOfIt() => MapPicture.Check("FF", "#", "RR", static (drawn, _) =>
    {
        drawn.Write("A");
        AddressRange elsewhere = TestVm.Pages(4, 2);
        Assert.Equal(VmStatus.Success, drawn.Map.Insert(drawn.Request(elsewhere, 'f') with { Offset = 0 }));
        Assert.True(drawn.Map.IsResident(elsewhere.Start + 4095));
        Assert.False(drawn.Map.IsResident(elsewhere.Start + 4096));
        Assert.False(drawn.Map.IsResident(elsewhere.End));
        drawn.Map.Remove(elsewhere);
        drawn.Write(" B");
    }, static drawn => drawn.Residency());
}
