using BsdVm.Posix;

namespace BsdVm.Tests.Posix;

/// <summary>Which mappings are one: the rules that scripts of scenarios/linux measured, without a kernel below.</summary>
public class VmaMapTests
{
    private readonly VmaWorld _world = new();

    [Fact]
    public void NeighboursThatWereWrittenApartNeverJoin()
    {
        _world.Mmap(0, 1);
        _world.Write(0);
        _world.Mmap(2, 1);
        _world.Write(2);
        _world.Mmap(1, 1);
        Assert.Equal("0-2 rw-, 2-3 rw-", _world.Rows);
    }

    [Fact]
    public void AReadDoesNotCount()
    {
        _world.Mmap(0, 1);
        _world.Write(0);
        _world.Mmap(2, 1);
        _world.Mmap(1, 1);
        Assert.Equal("0-3 rw-", _world.Rows);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void TheSecondToBeWrittenTakesItsNeighboursIdentity(ulong first, ulong second)
    {
        _world.Mmap(first, 1, first == 0 ? "rw-" : "rwx");
        _world.Write(first);
        _world.Mmap(second, 1, second == 0 ? "rw-" : "rwx");
        _world.Write(second);
        _world.Mprotect(0, 2, "rw-");
        Assert.Equal("0-2 rw-", _world.Rows);
    }

    // A third neighbour, written apart, tells whether a join kept the identity of its written side.
    [Fact]
    public void AJoinWithTheLowerKeepsTheIdentityOfWhatCame()
    {
        _world.Mmap(1, 1);
        _world.Write(1);
        _world.Move(1, 1, 100);
        _world.Mmap(0, 1);
        _world.Mmap(2, 1);
        _world.Write(2);
        _world.Move(100, 1, 1);
        Assert.Equal("0-2 rw-, 2-3 rw-", _world.Rows);
    }

    [Fact]
    public void AJoinWithTheUpperKeepsTheIdentityOfTheUpper()
    {
        _world.Mmap(0, 1);
        _world.Mmap(2, 1);
        _world.Write(2);
        _world.Mmap(1, 1);
        _world.Mmap(4, 1);
        _world.Write(4);
        _world.Mmap(3, 1);
        Assert.Equal("0-4 rw-, 4-5 rw-", _world.Rows);
    }

    [Fact]
    public void OnceAccountedAWrittenMappingStaysSo()
    {
        _world.Mmap(0, 1);
        _world.Write(0);
        _world.Mprotect(0, 1, "r--");
        _world.Mmap(1, 1, "r--");
        Assert.Equal("0-1 r--, 1-2 r--", _world.Rows);
        _world.Mprotect(0, 2, "rw-");
        Assert.Equal("0-2 rw-", _world.Rows);
    }

    [Fact]
    public void AnUntouchedMappingStopsToBeAccounted()
    {
        _world.Mmap(0, 1);
        _world.Mprotect(0, 1, "r--");
        _world.Mmap(1, 1, "r--");
        Assert.Equal("0-2 r--", _world.Rows);
    }

    [Theory]
    [InlineData(VmaFlags.Random)]
    [InlineData(VmaFlags.Locked)]
    [InlineData(VmaFlags.DontFork)]
    [InlineData(VmaFlags.WipeOnFork)]
    public void HiddenFlagsSplitAndTheirEndJoins(object flag)
    {
        _world.Mmap(0, 3);
        _world.Set(1, 1, (VmaFlags)flag);
        Assert.Equal("0-1 rw-, 1-2 rw-, 2-3 rw-", _world.Rows);
        _world.Set(0, 3, VmaFlags.None, (VmaFlags)flag);
        Assert.Equal("0-3 rw-", _world.Rows);
    }

    [Fact]
    public void AnInheritedWrittenMappingTakesNobodyIn()
    {
        _world.Mmap(0, 1);
        _world.Write(0);
        VmaWorld child = _world.Fork();
        child.Mmap(1, 1);
        _world.Mmap(1, 1);
        Assert.Equal("0-1 rw-, 1-2 rw-", child.Rows);
        Assert.Equal("0-2 rw-", _world.Rows);
        child.Munmap(1, 1);
        child.Write(0);
        child.Mmap(1, 1);
        child.Write(1);
        child.Mprotect(1, 1, "r--");
        child.Mprotect(1, 1, "rw-");
        Assert.Equal("0-1 rw-, 1-2 rw-", child.Rows);
    }

    [Fact]
    public void AnInheritedMappingThatWasSplitJoinsAgain()
    {
        _world.Mmap(0, 3);
        _world.Write(0);
        VmaWorld child = _world.Fork();
        child.Mprotect(1, 1, "r--");
        Assert.Equal("0-1 rw-, 1-2 r--, 2-3 rw-", child.Rows);
        child.Mprotect(1, 1, "rw-");
        Assert.Equal("0-3 rw-", child.Rows);
    }

    [Fact]
    public void ForkTellsPartsOfOneIdentityApart()
    {
        _world.Mmap(0, 3);
        _world.Write(0);
        _world.Mprotect(1, 1, "r--");
        VmaWorld child = _world.Fork();
        child.Mprotect(1, 1, "rw-");
        _world.Mprotect(1, 1, "rw-");
        Assert.Equal("0-1 rw-, 1-2 rw-, 2-3 rw-", child.Rows);
        Assert.Equal("0-3 rw-", _world.Rows);
    }

    [Fact]
    public void AWipedChildMappingIsUnwritten()
    {
        _world.Mmap(0, 1);
        _world.Set(0, 1, VmaFlags.WipeOnFork);
        _world.Write(0);
        VmaWorld child = _world.Fork();
        child.Mmap(1, 1);
        child.Set(1, 1, VmaFlags.WipeOnFork);
        Assert.Equal("0-2 rw-", child.Rows);
    }

    [Fact]
    public void ObjectsOfSharedMemoryDoNotJoinButTheirPartsDo()
    {
        object first = new();
        _world.Mmap(0, 2, "rw-", first, 0, shared: true);
        _world.Mmap(2, 2, "rw-", new object(), 0, shared: true);
        _world.Mprotect(0, 1, "r--");
        _world.Mprotect(0, 1, "rw-");
        Assert.Equal("0-2 rw-, 2-4 rw-", _world.Rows);
    }

    [Fact]
    public void MappingsOfAFileJoinWhereOffsetsContinue()
    {
        object file = new();
        _world.Mmap(0, 2, "r--", file, 0);
        _world.Mmap(2, 2, "r--", file, 2);
        _world.Mmap(4, 2, "r--", file, 2);
        _world.Mmap(6, 2, "r--", file, 4, shared: true);
        Assert.Equal("0-4 r--, 4-6 r--, 6-8 r--", _world.Rows);
        _world.Munmap(1, 1);
        Assert.Equal(2UL, _world.Map[1].PageOffset);
    }

    [Fact]
    public void AnUntouchedMappingJoinsWhereItLands()
    {
        _world.Mmap(0, 1);
        _world.Mmap(100, 1);
        _world.Move(100, 1, 1);
        Assert.Equal("0-2 rw-", _world.Rows);
    }

    [Fact]
    public void AWrittenMappingKeepsItsOffsetsAndJoinsOnlyAtHome()
    {
        _world.Mmap(0, 1);
        _world.Mmap(100, 1);
        _world.Write(100);
        _world.Move(100, 1, 1);
        _world.Mmap(2, 1);
        Assert.Equal("0-1 rw-, 1-2 rw-, 2-3 rw-", _world.Rows);
        _world.Munmap(0, 3);

        _world.Mmap(30, 2);
        _world.Write(30);
        _world.Move(31, 1, 100);
        _world.Move(100, 1, 31);
        Assert.Equal("30-32 rw-", _world.Rows);
    }

    [Fact]
    public void AGrownMappingJoinsTheNext()
    {
        _world.Mmap(0, 2);
        _world.Mmap(3, 1);
        _world.Map.Extend(0, 4096);
        Assert.Equal("0-4 rw-", _world.Rows);
    }

    [Fact]
    public void AMoveThatGrowsIsOneMapping()
    {
        _world.Mmap(0, 2);
        _world.Set(0, 2, VmaFlags.WipeOnFork);
        _world.Write(0);
        _world.Move(0, 2, 100, 3);
        Assert.Equal("100-103 rw-", _world.Rows);
        Assert.True(_world.Map[0].Has(VmaFlags.WipeOnFork));
    }

    [Fact]
    public void WhatHasTheRightsAlreadyIsNotJoined()
    {
        _world.Mmap(0, 1);
        _world.Write(0);
        _world.Mmap(2, 1);
        _world.Write(2);
        _world.Mmap(1, 1, "r--");
        _world.Munmap(2, 1);
        _world.Mprotect(1, 1, "rw-");
        Assert.Equal("0-2 rw-", _world.Rows);
        VmaWorld child = _world.Fork();
        child.Munmap(1, 1);
        child.Mmap(1, 1);
        child.Mprotect(0, 2, "rw-");
        Assert.Equal("0-1 rw-, 1-2 rw-", child.Rows);
    }

    [Fact]
    public void AStackTakesItsOffsetDownAndJoinsNothing()
    {
        _world.Mmap(10, 1);
        _world.Set(10, 1, VmaFlags.GrowsDown);
        _world.Map.GrowDown(0, 8 * 4096);
        Assert.Equal("8-11 rw-", _world.Rows);
        Assert.Equal(8UL, _world.Map[0].PageOffset);
    }
}
