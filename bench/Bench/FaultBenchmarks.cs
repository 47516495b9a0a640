using BenchmarkDotNet.Attributes;

namespace BsdVm.Bench;

/// <summary>Faults through the processor: each operation is one access that faults, is mended and restarts.</summary>
[MemoryDiagnoser]
[Config(typeof(SteadyState))]
public class FaultBenchmarks
{
    private const int Pages = 512;

    private BenchKernel _kernel = null!;
    private VmSpace _space = null!;
    private VmSpace? _child;

    [Params("shadow", "amap")]
    public string Layer { get; set; } = "shadow";

    [GlobalSetup]
    public void Setup()
    {
        _kernel = new BenchKernel(Layer, 16384);
        _space = _kernel.NewSpace();
        // One page more keeps the map, its object and its tables alive in between.
        _kernel.Map(_space, Pages);
    }

    [IterationSetup(Targets = [nameof(ZeroFill), nameof(ReadZero)])]
    public void Unmap()
    {
        _space.Map.Remove(BenchKernel.Pages(Pages));
        _kernel.Map(_space, Pages);
        _kernel.Switch(_space);
    }

    [Benchmark(OperationsPerInvoke = Pages)]
    public void ZeroFill() => _kernel.Touch(_space, Pages, AccessKind.Write);

    [Benchmark(OperationsPerInvoke = Pages)]
    public void ReadZero() => _kernel.Touch(_space, Pages, AccessKind.Read);

    [IterationSetup(Target = nameof(CopyOnWrite))]
    public void Share()
    {
        _child?.Destroy();
        _kernel.FillPages(_space, Pages);
        _space.TryFork(false, out _child);
    }

    [Benchmark(OperationsPerInvoke = Pages)]
    public void CopyOnWrite() => _kernel.Touch(_child!, Pages, AccessKind.Write);

    [IterationCleanup(Target = nameof(CopyOnWrite))]
    public void EndChild()
    {
        _child?.Destroy();
        _child = null;
    }

    [IterationSetup(Target = nameof(ReadFault))]
    public void Forget()
    {
        _kernel.FillPages(_space, Pages);
        _space.Pmap.Collect();
        _kernel.Switch(_space);
    }

    /// <summary>The page is resident, its mapping was forgotten.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public void ReadFault() => _kernel.Touch(_space, Pages, AccessKind.Read);
}
