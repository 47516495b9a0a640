using System.Buffers.Binary;
using BsdVm.Lab;
using BsdVm.Mips;
using BsdVm.Snapshots;
using BsdVm.Structures;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Tests.Walkthrough;

/// <summary>
/// docs/backends/structure.md shows this structure as it is, and it does what the page says. The contract is SortedConformance's.
/// </summary>
public class StructureTests
{
    private const int Pages = 600;

    [Theory]
    [InlineData("SortedStructure.cs")]
    [InlineData("SortedConformance.cs")]
    public void The_page_quotes_what_is_compiled(string sample) => Assert.Contains(
        "```csharp\n" + WalkthroughTests.Resource(sample).Trim() + "\n```",
        WalkthroughTests.Resource("structure.md"), StringComparison.Ordinal);

    [Fact]
    public void It_is_one_file_of_fewer_than_150_lines() =>
        Assert.InRange(WalkthroughTests.Resource("SortedStructure.cs").TrimEnd().Split('\n').Length, 50, 149);

    [Fact]
    public void A_registry_takes_it_for_both_machines()
    {
        var registry = new StructureRegistry();
        registry.Add(new SortedStructure());
        Assert.True(registry.TryParse("sorted:seg40", out PmapBackend? walked));
        Assert.True(registry.TryParse("mips-sorted", R4000.Instance, out PmapBackend? filled));
        Assert.Equal((1UL << 40, 1UL << 48), (walked.Capabilities.UserLimit, filled.Capabilities.UserLimit));
        Assert.False(new StructureRegistry().TryParse("sorted", out _));
    }

    // Page after page from the first on: the n-th is the last of n entries, which halving finds in log2(n + 1) steps, rounded down.
    [Fact]
    public void It_is_compared_with_others()
    {
        byte[] trace = new byte[Pages * 8];
        for (int page = 0; page < Pages; page++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(trace.AsSpan(page * 8), new PageNumber(0x400 + (ulong)page).Address.Value);
        }

        var request = new CompareRequest
        {
            Inputs = [new TraceSource(null, TraceFormat.Words, null, () => new MemoryStream(trace), "words")],
            Backends =
            [
                X86Backends.FourLevel,
                new StructureBackend(new SortedStructure()),
                new StructureBackend(new SortedStructure(), R4000.Instance),
            ],
        };
        CompareRun run = Comparer.Run(request, static () => 0).Runs[0];
        StructureSummary sorted = run.Structures[1];
        long references = Enumerable.Range(1, Pages).Sum(static count => System.Numerics.BitOperations.Log2((uint)count + 1));
        Assert.Equal(("sorted", (long)Pages, references), (sorted.Name, sorted.Walks, sorted.References));
        Assert.Equal(((2L * run.Frames) + 1) * 16, sorted.TableBytesEnd);
        Assert.True(run.Structures[2].References > references);
    }

    [Fact]
    public void Its_tables_and_walks_are_shown()
    {
        var backend = new StructureBackend(new SortedStructure());
        var machine = new Machine(512, 1, TlbSpecification.Default, backend.CreateMmu);
        var frames = new Conformance.CountingFrameSource(machine.Memory, new(256), 256);
        var system = new PmapSystem(machine, backend, frames, managedFrames: 64);
        Assert.True(system.TryCreate(out Pmap? pmap));
        foreach (ulong page in (ReadOnlySpan<ulong>)[9, 3, 5])
        {
            Assert.Equal(PmapStatus.Success, pmap.Enter(new PageNumber(page).Address, new(page), Protection.Read, null, wired: false));
        }

        WalkExplanation walk = pmap.CreateView()!.Explain(new PageNumber(9).Address, AccessKind.Read, PrivilegeMode.User);
        Assert.Equal(["page 0x5: on above it", "page 0x9: frame 0x9 r-x"], walk.Steps.Select(static step => step.Meaning));
        Assert.Equal([2, 3], walk.Steps.Select(static step => step.Index));
        var array = Assert.IsType<ArraySnapshot>(pmap.Snapshot());
        Assert.Equal([3UL, 5UL, 9UL], array.Pages.Select(static page => page.Mapping.Frame.Value));
    }
}
