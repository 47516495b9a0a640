using BsdVm.Arm;
using BsdVm.Tests.X86;

namespace BsdVm.Tests.Tables;

/// <summary>Where a small table goes when tables are moved together.</summary>
public class SlabMoveTests
{
    private const int PieceBytes = 1024;

    // Four pieces a frame. The frames hold 1, 2 and 3 of them, in either order of their addresses.
    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(3, 2, 1)]
    [InlineData(2, 3, 1)]
    public void APieceMovesIntoTheFullestFrameThatHasRoom(params int[] used)
    {
        PhysicalAddress[][] frames = Make(used, out TableSlab slab);
        PhysicalAddress lonely = frames[Array.IndexOf(used, 1)][0];
        Assert.True(slab.TryMove(lonely, out PhysicalAddress moved));
        Assert.Equal(frames[Array.IndexOf(used, 3)][0].Frame, moved.Frame);
        Assert.Equal((6, 2), (slab.PieceCount, slab.FrameCount));
    }

    // The emptier frame's piece moves, the fuller one's stays.
    [Fact]
    public void NoPieceMovesIntoAnEmptierFrame()
    {
        PhysicalAddress[][] frames = Make([1, 3], out TableSlab slab);
        Assert.All(frames[1], piece => Assert.False(slab.TryMove(piece, out _)));
        Assert.True(slab.TryMove(frames[0][0], out _));
    }

    // A frame that was given back is no place to move to, though the slab still has a slot for it, at the lowest address of all.
    [Fact]
    public void NoPieceMovesIntoAFrameThatWasGivenBack()
    {
        PhysicalAddress[][] frames = Make([1, 1, 4], out TableSlab slab);
        slab.Free(frames[0][0]);
        Assert.False(slab.TryMove(frames[1][0], out _));
        slab.Free(frames[2][0]);
        Assert.True(slab.TryMove(frames[1][0], out PhysicalAddress moved));
        Assert.Equal(frames[2][0], moved);
        Assert.Equal((4, 1), (slab.PieceCount, slab.FrameCount));
    }

    // Frames with so many pieces each: all are filled, and then emptied from their ends.
    private static PhysicalAddress[][] Make(int[] used, out TableSlab slab)
    {
        var machine = new Machine(64, 1, TlbSpecification.Default, ArmBackends.Short.CreateMmu);
        var source = new Frames(64);
        // No piece stands at address 0: that frame would have room for one less.
        Assert.True(source.TryAllocate(1, 1, new(64), out _));
        var made = new TableSlab(new PmapSystem(machine, ArmBackends.Short, source), PieceBytes, new(64));
        PhysicalAddress[][] frames = [.. used.Select(_ => Enumerable.Range(0, 4).Select(_ => Take(made)).ToArray())];
        foreach ((PhysicalAddress[] pieces, int count) in frames.Zip(used))
        {
            Array.ForEach(pieces[count..], made.Free);
        }

        slab = made;
        return [.. frames.Zip(used, static (pieces, count) => pieces[..count])];
    }

    private static PhysicalAddress Take(TableSlab slab)
    {
        Assert.True(slab.TryTake(out PhysicalAddress piece));
        return piece;
    }
}
