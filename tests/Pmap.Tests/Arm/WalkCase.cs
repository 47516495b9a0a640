using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using BsdVm.Arm;
using BsdVm.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Tests.Arm;

/// <summary>One access that a walk is made for.</summary>
public readonly record struct WalkQuery(uint Address, AccessKind Access, PrivilegeMode Mode)
{
    public override string ToString() => $"{Mode} {Access} of 0x{Address:x}";
}

/// <summary>
/// Registers, memory full of descriptors, and accesses. A failing case keeps the accesses that it needs and those descriptors that they
/// read, and is printed with them.
/// </summary>
public sealed record WalkCase(ArmRegisters Registers, ImmutableArray<uint> Words, Steps<WalkQuery> Queries)
{
    private const ulong Frames = 64;
    private const int LongestPrinted = 40;

    public static Arbitrary<WalkCase> Arbitrary => Arb.From(
        Gen.Sized(static size => Steps.Draw(random => Draw(random, 5 + (5 * size)))),
        static walks => walks.Simpler());

    public static WalkCase Draw(Random random, int queries) => new(
        MakeRegisters(random),
        MakeWords(random),
        new([.. Enumerable.Range(0, queries).Select(_ => MakeQuery(random))]));

    public PhysicalMemory MakeMemory()
    {
        var memory = new PhysicalMemory(Frames);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(Words.AsSpan());
        for (int frame = 0; frame < (int)Frames; frame++)
        {
            memory.Write(new PageFrameNumber((ulong)frame).Address, bytes.Slice(frame * (int)PageSize.BaseBytes, (int)PageSize.BaseBytes));
        }

        return memory;
    }

    /// <summary>The registers, the descriptors that are not zero, the accesses.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append($"{Registers}\ntables:");
        foreach ((int index, uint word) in Words.Index().Where(static pair => pair.Item != 0).Take(LongestPrinted))
        {
            text.Append($"\n  0x{index * 4:x}: 0x{word:x8}");
        }

        return text.Append($"{(Words.Count(static word => word != 0) > LongestPrinted ? "\n  ..." : "")}\n{Queries}").ToString();
    }

    internal Verdict ByTheManual(PhysicalMemory memory, in WalkQuery query, List<ulong> read) =>
        ManualWalker.Walk(memory, Registers, query.Address, query.Access, query.Mode == PrivilegeMode.User, read);

    private IEnumerable<WalkCase> Simpler()
    {
        PhysicalMemory memory = MakeMemory();
        List<ulong> read = [];
        foreach (WalkQuery query in Queries.Items)
        {
            ByTheManual(memory, query, read);
        }

        var needed = new uint[Words.Length];
        read.ForEach(at => needed[at / 4] = Words[(int)(at / 4)]);
        if (!needed.AsSpan().SequenceEqual(Words.AsSpan()))
        {
            yield return this with { Words = ImmutableCollectionsMarshal.AsImmutableArray(needed) };
        }

        foreach (Steps<WalkQuery> shorter in Queries.Shorter())
        {
            yield return this with { Queries = shorter };
        }
    }

    private static WalkQuery MakeQuery(Random random) => new(
        (uint)random.NextInt64(1L << 32) >> (
            random.Next(3) == 0 ? random.Next(12) : 0), (AccessKind)random.Next(3), (PrivilegeMode)random.Next(2));

    private static ArmRegisters MakeRegisters(Random random) => new()
    {
        Ttbr0 = AnyTable(random),
        Ttbr1 = random.Next(20) == 0 ? 0xFFFF_C000 : AnyTable(random),
        Ttbcr = (uint)(random.Next(8) | (random.Next(8) == 0 ? 0x10 : 0) | (random.Next(8) == 0 ? 0x20 : 0)),
        Dacr = (uint)random.NextInt64(1L << 32) | 0x5555_5555 & (uint)-random.Next(2),
        Afe = random.Next(2) == 0,
        Asid = (byte)random.Next(256),
    };

    private static uint AnyTable(Random random) => (uint)random.Next((int)(Frames * PageSize.BaseBytes));

    // Descriptors of all types at both levels; most tables lie in memory.
    private static ImmutableArray<uint> MakeWords(Random random)
    {
        var words = new uint[Frames * PageSize.BaseBytes / 4];
        for (int index = 0; index < words.Length; index++)
        {
            uint word = (uint)random.NextInt64(1L << 32);
            words[index] = (word & 3) == 1 && random.Next(30) != 0 ? word & (uint)((Frames * PageSize.BaseBytes) - 1) : word;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(words);
    }
}
