using System.Buffers.Binary;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests;

/// <summary>Traces of 64-bit words: bits 63..3 the address, bit 0 a store.</summary>
internal static class WordTrace
{
    public static TraceSource Input(ulong[] words)
    {
        var bytes = new byte[words.Length * 8];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), words[i]);
        }

        return new TraceSource(null, TraceFormat.Words, null, () => new MemoryStream(bytes), "words");
    }

    /// <summary>
    /// Accesses to dense and sparse parts of 47 address bits. Where <paramref name="kindByPage"/>, a page is only loaded from or only
    /// stored to.
    /// </summary>
    public static ulong[] Random(int seed, int count, bool kindByPage)
    {
        var random = new System.Random(seed);
        ulong[] sparse = [.. Enumerable.Range(0, 40).Select(_ => (ulong)random.NextInt64(1L << 34))];
        ulong[] areas = [0x400, 0x5_5555_5757, 0x7_fff0_0000 + (ulong)random.Next(1 << 14), (ulong)random.NextInt64(1L << 34)];
        int dense = 20 << random.Next(4);
        var words = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            ulong page = random.Next(4) == 0
                ? sparse[random.Next(sparse.Length)]
                : areas[random.Next(areas.Length)] + (ulong)random.Next(dense);
            bool isStore = kindByPage ? (page ^ (page >> 3)) % 3 == 0 : random.Next(5) < 2;
            words[i] = new PageNumber(page).Address.Value | ((ulong)random.Next(512) << 3) | (isStore ? 1UL : 0);
        }

        return words;
    }

    public static ulong PageOf(ulong word) => new VirtualAddress(word).Page.Value;

    public static bool IsStore(ulong word) => (word & 1) != 0;
}
