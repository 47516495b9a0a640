using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>The walker against the manual's statements, on memory full of random tables.</summary>
public class WalkerModelTests
{
    private const int Frames = 48;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TwoLevelWalksAsTheManualSays(int seed) => Compare<X86TwoLevel>(seed, MakeTwoLevelEntry, bits: 32);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void FourLevelWalksAsTheManualSays(int seed) => Compare<X86FourLevel>(seed, MakeFourLevelEntry, bits: 64);

    private static void Compare<TFormat>(int seed, Func<Random, ulong> makeEntry, int bits)
        where TFormat : struct, IX86Format
    {
        var random = new Random(seed);
        var reached = new Dictionary<FaultReason, int>();
        for (int image = 0; image < 60; image++)
        {
            X86Registers registers = MakeRegisters(random);
            PhysicalMemory memory = MakeImage(random, makeEntry, bits, out PhysicalMemory copy);
            var mmu = new X86Mmu<TFormat>(memory) { Registers = registers };
            for (int query = 0; query < 300; query++)
            {
                ulong va = MakeAddress(random, bits);
                var access = (AccessKind)random.Next(3);
                var mode = (PrivilegeMode)random.Next(2);
                Verdict verdict = ManualWalker.Walk(copy, registers, bits == 64, va, access, mode == PrivilegeMode.User);
                reached[verdict.Reason] = reached.GetValueOrDefault(verdict.Reason) + 1;
                bool probed = mmu.TryProbe(new(va), access, mode, out ulong probe, out MachineFault probeFault);
                bool walked = mmu.TryWalk(new(va), access, mode, out ulong translation, out MachineFault fault);
                Assert.Equal((probed, probe, probeFault), (walked, translation, fault));
                Check(verdict, walked, translation, fault, va);
            }

            AssertEqual(copy, memory);
        }

        // Random tables must not all end the same way.
        Assert.All(Enum.GetValues<FaultReason>().Where(reason => bits == 64 || reason != FaultReason.AddressRange), reason => Assert.True(reached[reason] > 300));
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

    private static X86Registers MakeRegisters(Random random) => new()
    {
        // The low bits of CR3 mean nothing here.
        Cr3 = ((ulong)random.Next(4) << 12) | (uint)random.Next(4096),
        Wp = random.Next(2) == 0,
        Pse = random.Next(4) != 0,
        Pge = random.Next(2) == 0,
        Nxe = random.Next(3) != 0,
        Pke = random.Next(2) == 0,
        Pkru = (uint)random.NextInt64(1L << 32),
        PhysicalAddressBits = random.Next(36, 53),
    };

    private static PhysicalMemory MakeImage(Random random, Func<Random, ulong> makeEntry, int bits, out PhysicalMemory copy)
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

    // Mostly present entries with most rights, that lead to one of the frames, with single odd bits strewn in.
    private static ulong MakeTwoLevelEntry(Random random)
    {
        ulong entry = ((ulong)random.Next(Frames) << 12) | Usual(random);
        return random.Next(4) switch
        {
            0 => entry ^ (1UL << random.Next(32)),
            1 => entry ^ (1UL << random.Next(13, 22)) | 0x80,
            _ => entry & ~0x80UL,
        };
    }

    private static ulong MakeFourLevelEntry(Random random)
    {
        ulong entry = ((ulong)random.Next(Frames) << 12) | Usual(random);
        entry |= random.Next(12) == 0 ? 1UL << 63 : 0;
        entry |= random.Next(3) == 0 ? (ulong)random.Next(16) << 59 : 0;
        return random.Next(8) == 0 ? entry ^ (1UL << random.Next(64)) : entry & ~(random.Next(5) == 0 ? 0x3FE000UL : 0x80UL);
    }

    private static ulong Usual(Random random) =>
        (uint)random.Next(4096) | (random.Next(12) == 0 ? 0u : 1u) | (random.Next(3) == 0 ? 0u : 6u);

    private static ulong MakeAddress(Random random, int bits)
    {
        ulong address = (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1);
        if (bits == 32)
        {
            return (uint)address;
        }

        return random.Next(10) == 0 ? address : (ulong)((long)(address << 16) >> 16);
    }

    private static void AssertEqual(PhysicalMemory expected, PhysicalMemory actual)
    {
        for (ulong frame = 0; frame < Frames; frame++)
        {
            Assert.True(expected.Frame(new(frame)).SequenceEqual(actual.Frame(new(frame))), $"Frame {frame}: accessed or dirty bits differ.");
        }
    }
}
