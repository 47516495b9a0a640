using BenchmarkDotNet.Attributes;

namespace BsdVm.Bench;

/// <summary>Operations on maps.</summary>
[MemoryDiagnoser]
[InProcess]
public class MapBenchmarks
{
    private BenchKernel _kernel = null!;
    private VmSpace _space = null!;
    private VmSpace _large = null!;
    private int _page;

    [GlobalSetup]
    public void Setup()
    {
        _kernel = new BenchKernel("shadow", 8192);
        _space = _kernel.NewSpace();
        _large = _kernel.NewSpace();
        _kernel.Map(_large, 1000);
        _kernel.Touch(_large, 1000, AccessKind.Write);
    }

    /// <summary>A mapping of 16 pages made and taken away, untouched.</summary>
    [Benchmark]
    public void MapAndUnmap()
    {
        _kernel.Map(_space, 16);
        _space.Map.Remove(BenchKernel.Pages(16));
    }

    /// <summary>One resident page in a thousand loses the right to be written and gets it back.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public void ProtectOnePage()
    {
        _page = (_page + 7) % 1000;
        var range = new AddressRange(BenchKernel.Page(_page), 4096);
        _large.Map.Protect(range, Protection.Read);
        _large.Map.Protect(range, Protection.ReadWrite);
    }
}
