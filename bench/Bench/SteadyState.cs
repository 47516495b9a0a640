using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace BsdVm.Bench;

/// <summary>
/// For benchmarks whose iterations are short and prepared anew: only after hundreds of them is everything compiled as it will stay.
/// </summary>
public sealed class SteadyState : ManualConfig
{
    public SteadyState() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(400).WithIterationCount(60));
}
