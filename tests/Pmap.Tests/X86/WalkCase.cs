using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using BsdVm.Conformance;
using BsdVm.X86;
using FsCheck;
using FsCheck.Fluent;

namespace BsdVm.Tests.X86;

/// <summary>One access that a walk is made for.</summary>
public readonly record struct WalkQuery(ulong Address, AccessKind Access, PrivilegeMode Mode)
{
    public override string ToString() => $"{Mode} {Access} of 0x{Address:x}";

    /// <summary>What the manual says, with the entries that it reads.</summary>
    internal Verdict ByTheManual(
        PhysicalMemory memory, X86Registers registers, int levels, ulong[] pointers, List<(ulong At, ulong Word)> used) =>
        ManualWalker.Walk(memory, registers, levels, pointers, Address, Access, Mode == PrivilegeMode.User, used);
}

/// <summary>
/// Registers, memory full of tables, and accesses. A failing case keeps the accesses that it needs and those words of its tables that they
/// read, and is printed with them.
/// </summary>
public sealed record WalkCase(int Levels, X86Registers Registers, ImmutableArray<ulong> Words, Steps<WalkQuery> Queries)
{
    private const int LongestPrinted = 40;

    public static Arbitrary<WalkCase> Arbitrary(int levels) =>
        Arb.From(
            Gen.Sized(size => Steps.Draw(random => Draw(random, levels, 3 + (3 * size)))),
            static walks => walks.Simpler());

    public static WalkCase Draw(Random random, int levels, int queries)
    {
        (X86Registers registers, ulong[] words) = RandomImage.Make(random, levels);
        var steps = new Steps<WalkQuery>([.. Enumerable.Range(0, queries).Select(_ => RandomImage.Query(random, levels))]);
        return new(levels, registers, ImmutableCollectionsMarshal.AsImmutableArray(words), steps);
    }

    public PhysicalMemory MakeMemory()
    {
        var memory = new PhysicalMemory(RandomImage.Frames);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(Words.AsSpan());
        for (int frame = 0; frame < RandomImage.Frames; frame++)
        {
            memory.Write(new PageFrameNumber((ulong)frame).Address, bytes.Slice(frame * (int)PageSize.BaseBytes, (int)PageSize.BaseBytes));
        }

        return memory;
    }

    /// <summary>Walks both ways; the tables must be the same afterwards, accessed and dirty bits included.</summary>
    public void Compare<TFormat>()
        where TFormat : struct, IX86Format
    {
        PhysicalMemory memory = MakeMemory();
        PhysicalMemory copy = MakeMemory();
        var mmu = new X86Mmu<TFormat>(memory);
        ulong[]? pointers = Levels == 3 ? ManualWalker.LoadPointers(copy, Registers) : [];
        Assert.Equal(pointers is not null, mmu.TryLoad(Registers));
        if (pointers is null)
        {
            Assert.Equal(new X86Registers(), mmu.Registers);
            return;
        }

        foreach (WalkQuery query in Queries.Items)
        {
            Verdict verdict = query.ByTheManual(copy, Registers, Levels, pointers, []);
            var va = new VirtualAddress(query.Address);
            bool probed = mmu.TryProbe(va, query.Access, query.Mode, out ulong probe, out MachineFault probeFault);
            bool walked = mmu.TryWalk(va, query.Access, query.Mode, out ulong translation, out MachineFault fault);
            Assert.True((probed, probe, probeFault) == (walked, translation, fault), $"{query}: a probe says 0x{probe:x} {probeFault}");
            string found = walked ? $"0x{(translation & TlbFlagsExtensions.PageMask) + va.OffsetInPage:x} {IsGlobal(translation)}"
                : $"{fault.Reason} 0x{fault.Code:x} at {fault.Address}";
            string expected = verdict.Succeeds ? $"0x{verdict.Physical:x} {verdict.IsGlobal}"
                : $"{verdict.Reason} 0x{verdict.Code:x} at {va}";
            Assert.True(expected == found, $"{query}: found {found}, by the manual {expected}");
        }

        for (ulong frame = 0; frame < RandomImage.Frames; frame++)
        {
            bool same = copy.Frame(new(frame)).SequenceEqual(memory.Frame(new(frame)));
            Assert.True(same, $"Frame {frame}: accessed or dirty bits differ.");
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append($"{Registers}\ntables:");
        foreach ((int index, ulong word) in Words.Index().Where(static pair => pair.Item != 0).Take(LongestPrinted))
        {
            text.Append($"\n  0x{index * 8:x}: 0x{word:x16}");
        }

        return text.Append($"{(Words.Count(static word => word != 0) > LongestPrinted ? "\n  ..." : "")}\n{Queries}").ToString();
    }

    private static bool IsGlobal(ulong translation) => (translation & (ulong)TlbFlags.Global) != 0;

    private IEnumerable<WalkCase> Simpler()
    {
        ImmutableArray<ulong> needed = NeededWords();
        if (!needed.SequenceEqual(Words))
        {
            yield return this with { Words = needed };
        }

        foreach (Steps<WalkQuery> shorter in Queries.Shorter())
        {
            yield return this with { Queries = shorter };
        }
    }

    // The words that walks read, and zeros.
    private ImmutableArray<ulong> NeededWords()
    {
        PhysicalMemory memory = MakeMemory();
        ulong[]? pointers = Levels == 3 ? ManualWalker.LoadPointers(memory, Registers) : [];
        ulong pdptes = Registers.Cr3 & 0xFFFF_FFE0;
        var used = Enumerable.Range(0, Levels == 3 ? 4 : 0).Select(index => (At: pdptes + ((ulong)index * 8), Word: 0UL)).ToList();
        foreach (WalkQuery query in pointers is null ? [] : Queries.Items)
        {
            query.ByTheManual(memory, Registers, Levels, pointers!, used);
        }

        ImmutableArray<ulong>.Builder words = ImmutableArray.CreateBuilder<ulong>(Words.Length);
        words.Count = Words.Length;
        used.ForEach(word => words[(int)(word.At / 8)] = Words[(int)(word.At / 8)]);
        return words.MoveToImmutable();
    }
}

/// <summary>Cases of IA-32's two levels.</summary>
public static class TwoLevelCases
{
    public static Arbitrary<WalkCase> Cases => WalkCase.Arbitrary(2);
}

/// <summary>Cases of PAE.</summary>
public static class PaeCases
{
    public static Arbitrary<WalkCase> Cases => WalkCase.Arbitrary(3);
}

/// <summary>Cases of x86-64's four levels.</summary>
public static class FourLevelCases
{
    public static Arbitrary<WalkCase> Cases => WalkCase.Arbitrary(4);
}
