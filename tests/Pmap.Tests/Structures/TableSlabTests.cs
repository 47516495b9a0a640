using BsdVm.Arm;
using BsdVm.Conformance;
using BsdVm.Tests.X86;
using FsCheck;

namespace BsdVm.Tests;

/// <summary>Small tables in shared frames.</summary>
public class TableSlabTests
{
    [Theory]
    [InlineData(1024, 4)]
    [InlineData(24, 170)]
    [InlineData(4096, 1)]
    public void AFrameHoldsWhatFits(int bytes, int perFrame)
    {
        (PmapSystem system, Frames frames) = Make();
        int free = frames.FreeCount;
        var slab = new TableSlab(system, bytes, new(1UL << 20));
        var pieces = new List<PhysicalAddress>();
        for (int number = 0; number < (2 * perFrame) + 1; number++)
        {
            Assert.True(slab.TryTake(out PhysicalAddress piece));
            pieces.Add(piece);
        }

        Assert.Equal((3, free - 3, pieces.Count), (slab.FrameCount, frames.FreeCount, slab.PieceCount));
        Assert.Equal((3L, (long)pieces.Count * bytes), (system.Counters.TableFrames, system.Counters.TableBytes));
        Assert.All(pieces, piece => Assert.Equal(piece.Frame, (piece + (ulong)(bytes - 1)).Frame));
        pieces.ForEach(slab.Free);
        Assert.Equal((0, free, 0L, 0L), (slab.FrameCount, frames.FreeCount, system.Counters.TableFrames, system.Counters.TableBytes));
        Assert.Throws<InvariantViolationException>(() => slab.Free(pieces[0]));
    }

    // Against a set: no piece is handed out twice, all are zero when they come, contents survive moves, and moving packs them.
    [Property(10, Arbitrary = [typeof(SlabStep)])]
    public void PiecesAreThoseOfASet(Steps<SlabStep> steps)
    {
        (PmapSystem system, Frames frames) = Make();
        PhysicalMemory memory = system.Machine.Memory;
        int free = frames.FreeCount;
        var slab = new TableSlab(system, 1024, new(1UL << 20));
        var model = new Dictionary<ulong, uint>();
        foreach ((int number, SlabStep step) in steps.Items.Index())
        {
            if (step.Takes)
            {
                Assert.True(slab.TryTake(out PhysicalAddress piece));
                Assert.DoesNotContain(Enumerable.Range(0, 256), word => memory.Read32(piece + ((ulong)word * 4)) != 0);
                memory.Write32(piece + 1020, (uint)number + 1);
                model.Add(piece.Value, (uint)number + 1);
            }
            else if (model.Count > 0)
            {
                ulong piece = model.Keys.ElementAt(step.Which % model.Count);
                slab.Free(new(piece));
                model.Remove(piece);
            }

            if (step.Packs)
            {
                Pack(slab, model);
                Assert.Equal((model.Count + 3) / 4, slab.FrameCount);
            }

            Assert.Equal((model.Count, free - slab.FrameCount), (slab.PieceCount, frames.FreeCount));
        }

        Assert.All(model, pair => Assert.Equal(pair.Value, memory.Read32(new PhysicalAddress(pair.Key) + 1020)));
        slab.Clear();
        Assert.Equal((0, 0, free, 0L), (slab.PieceCount, slab.FrameCount, frames.FreeCount, system.Counters.TableBytes));
        Assert.True(slab.TryTake(out _));
    }

    [Fact]
    public void WithoutAFrameNothingChanges()
    {
        (PmapSystem system, Frames frames) = Make();
        var slab = new TableSlab(system, 1024, new(1UL << 20));
        Assert.True(slab.TryTake(out _));
        frames.Budget = 0;
        Assert.True(slab.TryTake(out _) && slab.TryTake(out _) && slab.TryTake(out _));
        Assert.False(slab.TryTake(out _));
        Assert.Equal((4, 1, 1L), (slab.PieceCount, slab.FrameCount, system.Counters.TableFrames));
        frames.Budget = 1;
        Assert.True(slab.TryTake(out _));
    }

    // Frames without a piece in use stay until they are asked for, and then all but the first of them go.
    [Fact]
    public void KeptFramesGoWhenTrimmed()
    {
        (PmapSystem system, Frames frames) = Make();
        int free = frames.FreeCount;
        var slab = new TableSlab(system, 2048, new(1UL << 20), keepsFrames: true);
        Assert.True(slab.TryReserve(5));
        Assert.Equal((3, 6, 0), (slab.FrameCount, slab.FreeCount, slab.PieceCount));
        Assert.True(slab.TryTake(out PhysicalAddress piece));
        slab.Free(piece);
        Assert.True(slab.TryTake(out PhysicalAddress again));
        Assert.Equal(piece, again);
        slab.Trim(keep: 0);
        Assert.Equal((1, 1, free - 1), (slab.FrameCount, slab.FreeCount, frames.FreeCount));
        Assert.True(slab.TryTake(out PhysicalAddress beside));
        Assert.Equal(again.Frame, beside.Frame);
        slab.Free(again);
        slab.Free(beside);
        slab.Trim(keep: 1);
        Assert.Equal(1, slab.FrameCount);
        frames.Budget = 1;
        Assert.False(slab.TryReserve(6));
        Assert.Equal((1, 2), (slab.FrameCount, slab.FreeCount));
        slab.Clear();
        Assert.Equal((0, 0, free, 0L), (slab.FrameCount, slab.FreeCount, frames.FreeCount, system.Counters.TableFrames));
    }

    [Fact]
    public void LargePiecesAreRunsOfFrames()
    {
        (PmapSystem system, Frames frames) = Make();
        int free = frames.FreeCount;
        var slab = new TableSlab(system, 8192, new(1UL << 20));
        Assert.True(slab.TryTake(out PhysicalAddress first));
        Assert.True(slab.TryTake(out PhysicalAddress second));
        Assert.Equal((4, free - 4, 16384L), (slab.FrameCount, frames.FreeCount, system.Counters.TableBytes));
        Assert.NotEqual(first, second);
        Assert.Throws<InvariantViolationException>(() => slab.Free(first + 4096));
        slab.Free(first);
        Assert.Equal((2, free - 2), (slab.FrameCount, frames.FreeCount));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TableSlab(system, 6144, new(1UL << 20)));
    }

    private static void Pack(TableSlab slab, Dictionary<ulong, uint> model)
    {
        bool hasMoved = true;
        while (hasMoved)
        {
            hasMoved = false;
            foreach (ulong piece in model.Keys.ToList())
            {
                if (slab.TryMove(new(piece), out PhysicalAddress moved))
                {
                    model.Remove(piece, out uint value);
                    model.Add(moved.Value, value);
                    hasMoved = true;
                }
            }
        }
    }

    private static (PmapSystem System, Frames Frames) Make()
    {
        var machine = new Machine(1024, 1, TlbSpecification.Default, ArmBackends.Short.CreateMmu);
        var frames = new Frames(1024);

        // No machine gives frame 0 away, and no piece stands at address 0.
        Assert.True(frames.TryAllocate(1, 1, new(1), out _));
        return (new PmapSystem(machine, ArmBackends.Short, frames), frames);
    }
}

/// <summary>One random step: a piece is taken, or one of those taken is given back; then perhaps all are packed.</summary>
public readonly record struct SlabStep(bool Takes, int Which, bool Packs)
{
    public static Arbitrary<Steps<SlabStep>> Arbitrary => Steps.Drawn<SlabStep>(
        static (random, last) =>
            new(random.Next(100) < (last.Which % 1000 < 500 ? 65 : 35), NextOf(last.Which, random), random.Next(250) == 0), 800);

    // Runs of some hundred steps that mostly take, and others that mostly give back.
    private static int NextOf(int last, Random random) =>
        random.Next(200) == 0 ? random.Next(100_000) : (last / 500 * 500) + random.Next(500);
}
