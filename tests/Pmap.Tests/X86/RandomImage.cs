using BsdVm.X86;

namespace BsdVm.Tests.X86;

/// <summary>
/// Memory full of tables: mostly present entries with most rights, that lead to one of the frames, with single odd bits strewn in.
/// </summary>
internal static class RandomImage
{
    public const int Frames = 48;

    private const int BytesPerWord = 8;

    public static (X86Registers Registers, ulong[] Words) Make(Random random, int levels)
    {
        X86Registers registers = MakeRegisters(random);
        var words = new ulong[Frames * (int)PageSize.BaseBytes / BytesPerWord];
        for (int index = 0; index < words.Length; index++)
        {
            words[index] = levels switch
            {
                2 => TwoLevelEntry(random) | (TwoLevelEntry(random) << 32),
                3 => PaeEntry(random),
                _ => FourLevelEntry(random),
            };
        }

        if (levels == 3)
        {
            MakePointers(random, registers.Cr3, words);
        }

        return (registers, words);
    }

    public static WalkQuery Query(Random random, int levels)
    {
        ulong address = (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1);
        address = levels < 4 ? (uint)address : random.Next(10) == 0 ? address : (ulong)((long)(address << 16) >> 16);
        return new(address, (AccessKind)random.Next(3), (PrivilegeMode)random.Next(2));
    }

    private static X86Registers MakeRegisters(Random random) => new()
    {
        // The low bits of CR3 mean nothing here.
        Cr3 = ((ulong)random.Next(4) * PageSize.BaseBytes) | (random.Next(3) == 0 ? (uint)random.Next(4096) : 0),
        Wp = random.Next(2) == 0,
        Pse = random.Next(4) != 0,
        Pge = random.Next(2) == 0,
        Nxe = random.Next(3) != 0,
        Pke = random.Next(2) == 0,
        Pkru = (uint)random.NextInt64(1L << 32),
        PhysicalAddressBits = random.Next(36, 53),
    };

    // Where PDPTEs lie there are, mostly, words without their reserved bits.
    private static void MakePointers(Random random, ulong cr3, ulong[] words)
    {
        int first = (int)(cr3 & 0xFFFF_FFE0) / BytesPerWord;
        for (int index = first; index < first + 4; index++)
        {
            ulong pointer = AnyFrame(random) | 0xE18 | (random.Next(8) == 0 ? 0u : 1u);
            words[index] = pointer ^ (random.Next(6) == 0 ? 1UL << random.Next(64) : 0);
        }
    }

    private static ulong TwoLevelEntry(Random random)
    {
        ulong entry = AnyFrame(random) | Usual(random);
        return random.Next(4) switch
        {
            0 => entry ^ (1UL << random.Next(32)),
            1 => entry ^ (1UL << random.Next(13, 22)) | 0x80,
            _ => entry & ~0x80UL,
        };
    }

    private static ulong PaeEntry(Random random)
    {
        ulong entry = AnyFrame(random) | Usual(random);
        entry |= random.Next(12) == 0 ? 1UL << 63 : 0;
        return random.Next(8) == 0 ? entry ^ (1UL << random.Next(64)) : entry & ~(random.Next(5) == 0 ? 0x1FE000UL : 0x80UL);
    }

    private static ulong FourLevelEntry(Random random)
    {
        ulong entry = AnyFrame(random) | Usual(random);
        entry |= random.Next(12) == 0 ? 1UL << 63 : 0;
        entry |= random.Next(3) == 0 ? (ulong)random.Next(16) << 59 : 0;
        return random.Next(8) == 0 ? entry ^ (1UL << random.Next(64)) : entry & ~(random.Next(5) == 0 ? 0x3FE000UL : 0x80UL);
    }

    private static ulong AnyFrame(Random random) => new PageFrameNumber((ulong)random.Next(Frames)).Address.Value;

    private static ulong Usual(Random random) =>
        (uint)random.Next(4096) | (random.Next(12) == 0 ? 0u : 1u) | (random.Next(3) == 0 ? 0u : 6u);
}
