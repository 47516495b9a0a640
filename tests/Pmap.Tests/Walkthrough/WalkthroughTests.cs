using System.Buffers.Binary;
using BsdVm.Lab;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Tests.Walkthrough;

/// <summary>
/// docs/backends/walkthrough.md shows these classes as they are, and they do what it says. The contract is ToyConformance's.
/// </summary>
public class WalkthroughTests
{
    private static readonly string[] Parts = ["ToyFormat.cs", "ToyMmu.cs", "ToyPmap.cs", "ToyBackend.cs"];

    public static TheoryData<string> Quoted => [.. Parts, "ToyConformance.cs"];

    [Theory]
    [MemberData(nameof(Quoted))]
    public void The_page_quotes_what_is_compiled(string sample) =>
        Assert.Contains("```csharp\n" + Resource(sample).Trim() + "\n```", Resource("walkthrough.md"), StringComparison.Ordinal);

    [Fact]
    public void The_backend_has_fewer_than_a_hundred_lines() =>
        Assert.InRange(Parts.Sum(static part => Resource(part).TrimEnd().Split('\n').Length), 50, 99);

    [Fact]
    public void A_system_runs_on_it()
    {
        var system = new VmSystem(new VmConfiguration { Backend = new ToyBackend(), FrameCount = 256, CpuCount = 2 });
        Assert.True(system.TryCreateSpace(new(new(0x1000), 0x1000_0000), out VmSpace? space));
        var range = new AddressRange(new(0x20_0000 - 0x1000), 0x2000);
        Assert.Equal(VmStatus.Success, space.Map.Insert(new VmMapRequest { Range = range, Protection = Protection.ReadWrite }));
        Assert.Equal(VmStatus.Success, system.Fault(space, range.Start, AccessKind.Write));
        Assert.Equal(VmStatus.Success, system.Fault(space, range.Last, AccessKind.Write));
        Cpu cpu = system.Machine.Cpus[1];
        space.Activate(cpu);
        Assert.Equal(2, cpu.Store(range.Start + 0xFFF, [7, 9]));
        Assert.Equal(VmStatus.Success, space.TryFork(false, out VmSpace? child));
        system.CheckInvariants();

        child!.Activate(cpu);
        byte[] read = new byte[2];
        Assert.Equal(VmStatus.Success, system.Fault(child, range.Start, AccessKind.Read));
        Assert.Equal(VmStatus.Success, system.Fault(child, range.Last, AccessKind.Read));
        Assert.Equal(2, cpu.Load(range.Start + 0xFFF, read));
        Assert.Equal([7, 9], read);
        Assert.Equal(0, cpu.Store(range.Start, [1]));
        Assert.Equal(6, child.Pmap.TableFrames);
        system.CheckInvariants();
    }

    [Fact]
    public void It_is_compared_with_others()
    {
        // One word each of 600 pages: two tables below the root, 600 walks of two loads.
        byte[] trace = new byte[600 * 8];
        for (int page = 0; page < 600; page++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(trace.AsSpan(page * 8), 0x40_0000 + ((ulong)page << 12));
        }

        var request = new CompareRequest
        {
            Inputs = [new TraceSource(null, TraceFormat.Words, null, () => new MemoryStream(trace), "words")],
            Backends = [new ToyBackend(), X86Backends.TwoLevel],
        };
        IReadOnlyList<StructureSummary> found = Comparer.Run(request, static () => 0).Runs[0].Structures;
        Assert.Equal([("toy", 600L, 1200L, 6 * 4096L), ("x86-2level", 600L, 1200L, 2 * 4096L)],
            found.Select(static one => (one.Name, one.Walks, one.References, one.TableBytesPeak)));
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(WalkthroughTests).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
