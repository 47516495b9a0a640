using BenchmarkDotNet.Attributes;

namespace BsdVm.Bench;

/// <summary>Fork of 10 000 resident pages, and the child reading each; per page. The child ends within the operation.</summary>
[MemoryDiagnoser]
[Config(typeof(SteadyState))]
public class ForkBenchmarks
{
    private const int Pages = 10000;

    private BenchKernel _kernel = null!;
    private VmSpace _space = null!;
    private VmSpace? _child;

    [Params("shadow", "amap")]
    public string Layer { get; set; } = "shadow";

    [GlobalSetup]
    public void Setup()
    {
        _kernel = new BenchKernel(Layer, 32768);
        _space = _kernel.NewSpace();
        _kernel.Map(_space, Pages);
        _kernel.FillPages(_space, Pages);
    }

    [IterationSetup]
    public void WriteAgain() => _kernel.Touch(_space, Pages, AccessKind.Write);

    [Benchmark(OperationsPerInvoke = Pages)]
    public void ForkAndRead()
    {
        _space.TryFork(false, out _child);
        _kernel.Touch(_child!, Pages, AccessKind.Read);
    }

    [IterationCleanup]
    public void EndChild() => _child!.Destroy();
}
