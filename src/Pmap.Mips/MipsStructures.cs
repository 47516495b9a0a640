using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Mips;

/// <summary>The table structures, each with what makes a machine and its pmaps over it.</summary>
internal static class MipsStructures
{
    public const int DefaultSubblock = 16;
    public const int DefaultIndexBits = 4;

    /// <summary>The machine over a structure.</summary>
    /// <param name="structure">Its name, without a prefix.</param>
    /// <param name="hasWalker">Hardware walks.</param>
    /// <param name="segmentBits">Bits of a user address.</param>
    /// <param name="factor">Subblock factor or index bits.</param>
    public static (MipsMachine Machine, MipsMaker Maker) Make(string structure, bool hasWalker, int segmentBits, int factor) => structure switch
    {
        "linear" => Levelled(segmentBits) switch
        {
            4 => Radix<MipsRadix<FourLevels>, LinearTable<FourLevels>>(hasWalker, segmentBits),
            5 => Radix<MipsRadix<FiveLevels>, LinearTable<FiveLevels>>(hasWalker, segmentBits),
            _ => Radix<MipsRadix<SixLevels>, LinearTable<SixLevels>>(hasWalker, segmentBits),
        },
        "radix" => Levelled(segmentBits) switch
        {
            4 => Radix<MipsRadix<FourLevels>, RadixTable<FourLevels>>(hasWalker, segmentBits),
            5 => Radix<MipsRadix<FiveLevels>, RadixTable<FiveLevels>>(hasWalker, segmentBits),
            _ => Radix<MipsRadix<SixLevels>, RadixTable<SixLevels>>(hasWalker, segmentBits),
        },
        "hashed" => Stored<HashedTable>(hasWalker, segmentBits, static system => new ChainedStore(system, 0)),
        "inverted" => Stored<InvertedTable>(hasWalker, segmentBits, static system => new InvertedStore(system)),
        "clustered" => Stored<ClusteredTable>(
            hasWalker, segmentBits, system => new ChainedStore(system, System.Numerics.BitOperations.Log2((uint)factor))),
        "guarded" => Stored<GuardedTable>(hasWalker, segmentBits, system => new GuardedStore(system, factor)),
        "cuckoo" => Stored<CuckooTable>(hasWalker, segmentBits, static system => new CuckooStore(system)),
        _ => Radix<FlatFormat, FlatTable>(hasWalker, segmentBits),
    };

    // The levels of 9 bits that the bits above a page need.
    private static int Levelled(int segmentBits) => Math.Max(4, (segmentBits - PageSize.Base.Shift + 8) / 9);

    private static (MipsMachine Machine, MipsMaker Maker) Radix<TFormat, TTable>(bool hasWalker, int segmentBits)
        where TFormat : struct, IRadixFormat
        where TTable : struct, IRefillTable =>
        (Machine<TTable>(hasWalker, segmentBits), MipsRadixPmap<TFormat>.TryCreate);

    private static (MipsMachine Machine, MipsMaker Maker) Stored<TTable>(bool hasWalker, int segmentBits, Func<PmapSystem, MipsStore> makeStore)
        where TTable : struct, IRefillTable =>
        (Machine<TTable>(hasWalker, segmentBits),
            (PmapSystem system, int id, MipsMachine machine, [NotNullWhen(true)] out Pmap? pmap) =>
                MipsPmap.TryCreate(system, id, makeStore, machine, out pmap));

    private static MipsMachine Machine<TTable>(bool hasWalker, int segmentBits)
        where TTable : struct, IRefillTable =>
        new(hasWalker, segmentBits, memory => hasWalker ? new WalkerMmu<TTable>(memory, segmentBits) : new RefillMmu<TTable>(memory, segmentBits));
}
