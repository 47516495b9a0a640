using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>The walker against the manual's statements, on memory full of random tables.</summary>
public class WalkerModelTests
{
    internal const int Frames = 48;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TwoLevelWalksAsTheManualSays(int seed) => Compare<X86TwoLevel>(seed, MakeTwoLevelEntry, bits: 32);

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void PaeWalksAsTheManualSays(int seed) => Compare<X86Pae>(seed, MakePaeEntry, bits: 64);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void FourLevelWalksAsTheManualSays(int seed) => Compare<X86FourLevel>(seed, MakeFourLevelEntry, bits: 64);

    private static void Compare<TFormat>(int seed, Func<Random, ulong> makeEntry, int bits)
        where TFormat : struct, IX86Format
    {
        var random = new Random(seed);
        var reached = new Dictionary<FaultReason, int>();
        int refused = 0;
        for (int image = 0; image < 60; image++)
        {
            X86Registers registers = MakeRegisters(random);
            PhysicalMemory memory = MakeImage(random, makeEntry, bits, out PhysicalMemory copy);
            if (TFormat.Levels == 3)
            {
                MakePointers(random, registers.Cr3, memory, copy);
            }

            var mmu = new X86Mmu<TFormat>(memory);
            ulong[]? pointers = TFormat.Levels == 3 ? ManualWalker.LoadPointers(copy, registers) : [];
            Assert.Equal(pointers is not null, mmu.TryLoad(registers));
            if (pointers is null)
            {
                Assert.Equal(new X86Registers(), mmu.Registers);
                refused++;
                continue;
            }

            for (int query = 0; query < 300; query++)
            {
                ulong va = MakeAddress(random, TFormat.Levels);
                var access = (AccessKind)random.Next(3);
                var mode = (PrivilegeMode)random.Next(2);
                Verdict verdict = ManualWalker.Walk(copy, registers, TFormat.Levels, pointers, va, access, mode == PrivilegeMode.User);
                reached[verdict.Reason] = reached.GetValueOrDefault(verdict.Reason) + 1;
                bool probed = mmu.TryProbe(new(va), access, mode, out ulong probe, out MachineFault probeFault);
                bool walked = mmu.TryWalk(new(va), access, mode, out ulong translation, out MachineFault fault);
                Assert.Equal((probed, probe, probeFault), (walked, translation, fault));
                Check(verdict, walked, translation, fault, va);
            }

            AssertEqual(copy, memory);
        }

        Assert.Equal(TFormat.Levels == 3, refused is > 5 and < 55);

        // Random tables must not all end the same way.
        Assert.All(
            Enum.GetValues<FaultReason>().Where(reason => TFormat.Levels == 4 || reason != FaultReason.AddressRange),
            reason => Assert.True(reached[reason] > 300));
    }

    private static void Check(Verdict verdict, bool walked, ulong translation, MachineFault fault, ulong va)
    {
        Assert.Equal(verdict.Succeeds, walked);
        if (walked)
        {
            Assert.Equal(verdict.Physical, (translation & ~0xFFFUL) | (va & 0xFFF));
            Assert.Equal(verdict.IsGlobal, (translation & (ulong)TlbFlags.Global) != 0);
        }
        else
        {
            Assert.Equal((verdict.Reason, verdict.Code), (fault.Reason, fault.Code));
            Assert.Equal(va, fault.Address.Value);
        }
    }

    internal static X86Registers MakeRegisters(Random random) => new()
    {
        // The low bits of CR3 mean nothing here.
        Cr3 = ((ulong)random.Next(4) << 12) | (random.Next(3) == 0 ? (uint)random.Next(4096) : 0),
        Wp = random.Next(2) == 0,
        Pse = random.Next(4) != 0,
        Pge = random.Next(2) == 0,
        Nxe = random.Next(3) != 0,
        Pke = random.Next(2) == 0,
        Pkru = (uint)random.NextInt64(1L << 32),
        PhysicalAddressBits = random.Next(36, 53),
    };

    internal static PhysicalMemory MakeImage(Random random, Func<Random, ulong> makeEntry, int bits, out PhysicalMemory copy)
    {
        var memory = new PhysicalMemory(Frames);
        copy = new PhysicalMemory(Frames);
        for (ulong at = 0; at < memory.LengthBytes; at += 8)
        {
            ulong word = bits == 64 ? makeEntry(random) : makeEntry(random) | (makeEntry(random) << 32);
            memory.Write64(new(at), word);
            copy.Write64(new(at), word);
        }

        return memory;
    }

    // Where PDPTEs lie there are, mostly, words without their reserved bits.
    internal static void MakePointers(Random random, ulong cr3, params PhysicalMemory[] memories)
    {
        for (ulong at = cr3 & 0xFFFFFFE0; at < (cr3 & 0xFFFFFFE0) + 32; at += 8)
        {
            ulong pointer = ((ulong)random.Next(Frames) << 12) | 0xE18 | (random.Next(8) == 0 ? 0u : 1u);
            pointer ^= random.Next(6) == 0 ? 1UL << random.Next(64) : 0;
            Array.ForEach(memories, memory => memory.Write64(new(at), pointer));
        }
    }

    // Mostly present entries with most rights, that lead to one of the frames, with single odd bits strewn in.
    internal static ulong MakeTwoLevelEntry(Random random)
    {
        ulong entry = ((ulong)random.Next(Frames) << 12) | Usual(random);
        return random.Next(4) switch
        {
            0 => entry ^ (1UL << random.Next(32)),
            1 => entry ^ (1UL << random.Next(13, 22)) | 0x80,
            _ => entry & ~0x80UL,
        };
    }

    internal static ulong MakePaeEntry(Random random)
    {
        ulong entry = ((ulong)random.Next(Frames) << 12) | Usual(random);
        entry |= random.Next(12) == 0 ? 1UL << 63 : 0;
        return random.Next(8) == 0 ? entry ^ (1UL << random.Next(64)) : entry & ~(random.Next(5) == 0 ? 0x1FE000UL : 0x80UL);
    }

    internal static ulong MakeFourLevelEntry(Random random)
    {
        ulong entry = ((ulong)random.Next(Frames) << 12) | Usual(random);
        entry |= random.Next(12) == 0 ? 1UL << 63 : 0;
        entry |= random.Next(3) == 0 ? (ulong)random.Next(16) << 59 : 0;
        return random.Next(8) == 0 ? entry ^ (1UL << random.Next(64)) : entry & ~(random.Next(5) == 0 ? 0x3FE000UL : 0x80UL);
    }

    private static ulong Usual(Random random) =>
        (uint)random.Next(4096) | (random.Next(12) == 0 ? 0u : 1u) | (random.Next(3) == 0 ? 0u : 6u);

    internal static ulong MakeAddress(Random random, int levels)
    {
        ulong address = (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1);
        if (levels < 4)
        {
            return (uint)address;
        }

        return random.Next(10) == 0 ? address : (ulong)((long)(address << 16) >> 16);
    }

    internal static void AssertEqual(PhysicalMemory expected, PhysicalMemory actual)
    {
        for (ulong frame = 0; frame < Frames; frame++)
        {
            Assert.True(
                expected.Frame(new(frame)).SequenceEqual(actual.Frame(new(frame))), $"Frame {frame}: accessed or dirty bits differ.");
        }
    }
}
