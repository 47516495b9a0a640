namespace BsdVm.Tests.Memory;

public class PhysicalMemoryTests
{
    [Fact]
    public void WordsAreLittleEndianAtEveryWidth()
    {
        var memory = new PhysicalMemory(2);
        memory.Write64(new(0x1000), 0x8877665544332211);
        Assert.Equal(
            [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88],
            Enumerable.Range(0, 8).Select(i => (int)memory.Read8(new(0x1000 + (ulong)i))));
        Assert.Equal((0x44332211u, 0x88776655u), (memory.Read32(new(0x1000)), memory.Read32(new(0x1004))));

        memory.Write32(new(0x1004), 0xDEADBEEF);
        memory.Write8(new(0x1001), 0xFF);
        Assert.Equal(0xDEADBEEF_4433FF11, memory.Read64(new(0x1000)));
        Assert.Equal(0x11, memory.Frame(new(1))[0]);
    }

    // One bit at a time through a whole word, and every byte of a frame once: nothing lands beside its place.
    [Fact]
    public void BitPatternsStayWhereTheyWereWritten()
    {
        var memory = new PhysicalMemory(200);
        for (int bit = 0; bit < 64; bit++)
        {
            memory.Write64(new((ulong)bit * 0x3008), 1UL << bit);
        }

        Assert.All(Enumerable.Range(0, 64), bit => Assert.Equal(1UL << bit, memory.Read64(new((ulong)bit * 0x3008))));
        for (ulong at = 0; at < 4096; at++)
        {
            memory.Write8(At(199, at), (byte)(at * 7));
        }

        Assert.All(Enumerable.Range(0, 4096), at => Assert.Equal((byte)(at * 7), memory.Frame(new(199))[at]));
    }

    [Fact]
    public void WhatNobodyWroteIsZeroAndTakesNoHostMemory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var memory = new PhysicalMemory(1UL << 28);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 70L << 20);
        Assert.Equal((0UL, 0UL), (memory.Read64(new(123UL << 30)), memory.WrittenFrameCount));

        memory.Write8(new(123UL << 30), 1);
        Assert.Equal((1UL, 1UL << 40), (memory.WrittenFrameCount, memory.LengthBytes));
        Assert.True(memory.IsWritten(new(123UL << 18)) && !memory.IsWritten(new((123UL << 18) + 1)));
    }

    [Fact]
    public void BeyondTheEndReadsAreOnesAndWritesAreLost()
    {
        // 65 frames: the last host chunk is only begun.
        var memory = new PhysicalMemory(65);
        var beyond = new PhysicalAddress(1UL << 40);
        memory.Write64(beyond, 5);
        memory.Write32(beyond, 5);
        Span<byte> bytes = [1, 2, 3];
        memory.Write(beyond, bytes);
        Assert.Equal((ulong.MaxValue, uint.MaxValue, (byte)0xFF), (memory.Read64(beyond), memory.Read32(beyond), memory.Read8(beyond)));
        memory.Read(beyond, bytes);
        Assert.Equal([0xFF, 0xFF, 0xFF], bytes.ToArray());
        Assert.Equal(0UL, memory.WrittenFrameCount);
        Assert.False(memory.Contains(beyond) || memory.IsWritten(beyond.Frame));
        Assert.True(memory.Contains(new(At(65).Value - 1)) && !memory.Contains(At(65)));
    }

    [Fact]
    public void JustBeyondTheEndReadsAreOnesToo()
    {
        var memory = new PhysicalMemory(65);
        memory.Write64(At(64), 5);
        PhysicalAddress beyond = At(65);
        memory.Write64(beyond, 5);
        Assert.Equal((ulong.MaxValue, (byte)0xFF), (memory.Read64(beyond), memory.Read8(beyond)));
    }

    [Fact]
    public void RecycledFramesAreZeroedAndCopied()
    {
        var memory = new PhysicalMemory(130);
        memory.Write64(At(5), 0xAAAA);
        memory.Write64(At(6), 0xBBBB);
        memory.CopyFrame(new(5), new(129));
        Assert.Equal(0xAAAAUL, memory.Read64(At(129)));

        memory.ZeroFrame(new(5));
        Assert.False(memory.IsWritten(new(5)));
        Assert.Equal((0UL, 0xBBBBUL, 0xAAAAUL), (memory.Read64(At(5)), memory.Read64(At(6)), memory.Read64(At(129))));

        // Copying zeros over old contents must not leave them.
        memory.CopyFrame(new(5), new(129));
        Assert.Equal(0UL, memory.Read64(At(129)));
        Assert.Equal(1UL, memory.WrittenFrameCount);

        memory.Write(At(5, 10), [1, 2, 3]);
        Assert.Equal([0, 1, 2, 3, 0], memory.Frame(new(5)).Slice(9, 5).ToArray());
    }

    [Fact]
    public void ADumpIsTheMemoryFromAddressZero()
    {
        var memory = new PhysicalMemory(80);
        memory.Write8(new(0), 1);
        memory.Write8(At(70, 5), 2);
        using var stream = new MemoryStream();
        memory.Dump(stream);
        byte[] image = stream.ToArray();
        Assert.Equal(80 * 4096, image.Length);
        Assert.Equal((1, 2, 3), (image[0], image[(int)At(70, 5).Value], image.Sum(value => value)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData((1UL << 36) + 1)]
    public void SizesThatCannotBeAreRefused(ulong frames) => Assert.Throws<ArgumentOutOfRangeException>(() => new PhysicalMemory(frames));

    private static PhysicalAddress At(ulong frame, ulong offset = 0) => new PageFrameNumber(frame).Address + offset;
}
