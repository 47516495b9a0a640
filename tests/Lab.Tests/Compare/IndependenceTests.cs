using System.Text.Json;
using BsdVm.X86;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests;

/// <summary>What a structure costs does not depend on those that run beside it, on their order, or on how threads happen to run.</summary>
public class IndependenceTests
{
    private const string Tlb = "l1=8x4,l2=16x4";

    private static readonly string[] Some =
        ["mips-linear", "radix", "mips-hashed", "inverted", "clustered", "guarded", "cuckoo"];

    public static TheoryData<string> Inputs => ["words", "program"];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Alone_or_together(string input)
    {
        IReadOnlyList<PmapBackend> backends = [X86Backends.FourLevel, .. Some.Select(Structures.Named), new ReferenceBackend()];
        CompareRun together = Structures.Run(InputOf(input), backends, Tlb);
        foreach (PmapBackend backend in backends)
        {
            CompareRun alone = Structures.Run(InputOf(input), [backend], Tlb);
            Assert.Equal(Text(together.Of(backend.Name)), Text(alone.Structures[0]));
            Assert.Equal(Text(together.Tlb), Text(alone.Tlb));
            Assert.Equal(Text(together.Faults), Text(alone.Faults));
        }
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void In_any_order_and_again(string input)
    {
        IReadOnlyList<PmapBackend> backends = [X86Backends.FourLevel, .. Some.Select(Structures.Named)];
        CompareRun first = Structures.Run(InputOf(input), backends, Tlb);
        CompareRun again = Structures.Run(InputOf(input), backends, Tlb);
        CompareRun backwards = Structures.Run(InputOf(input), [.. backends.Reverse()], Tlb);
        Assert.Equal(Text(first), Text(again));
        Assert.Equal(backends.Reverse().Select(static backend => backend.Name), backwards.Structures.Select(static each => each.Name));
        Assert.All(first.Structures, each => Assert.Equal(Text(each), Text(backwards.Of(each.Name))));
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value);

    // Words for more events than a block holds, so that structures catch up beside the machine.
    private static TraceSource InputOf(string name) =>
        name == "words" ? WordTrace.Input(WordTrace.Random(11, 20_000, kindByPage: false)) : ProgramTests.Whole();
}
