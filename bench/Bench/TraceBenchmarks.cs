using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using BsdVm.Lab;
using BsdVm.Traces;
using BsdVm.X86;

namespace BsdVm.Bench;

/// <summary>
/// Whole replays, per access: 64 fully associative entries over 1536 in 12 ways, and a four-level walk on a miss. Reading the trace
/// included.
/// </summary>
[InProcess]
public class TraceBenchmarks
{
    private const int BigReferences = 10_000_000;
    private const int SortAccesses = 5_409_073;

    private byte[] _big = [];

    [GlobalSetup(Target = nameof(Big))]
    public void Generate()
    {
        ulong[] words = ReferenceTrace.Big.Generate();
        _big = new byte[words.Length * 8];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_big.AsSpan(i * 8), words[i]);
        }
    }

    /// <summary>The synthetic reference trace: 95 % of its accesses miss the first level.</summary>
    [Benchmark(OperationsPerInvoke = BigReferences)]
    public long Big() => Run(new TraceSource(null, TraceFormat.Words, null, () => new MemoryStream(_big), "big"));

    /// <summary>The shipped program in the compact form.</summary>
    [Benchmark(OperationsPerInvoke = SortAccesses)]
    public long Sort() => Run(new TraceSource(null, TraceFormat.Binary, null, DefaultTrace.Open, DefaultTrace.Name));

    private static long Run(TraceSource input) =>
        Comparer.Run(new CompareRequest { Inputs = [input], Backends = [X86Backends.FourLevel] }, static () => 0).Runs[0].Tlb.Walks;
}
