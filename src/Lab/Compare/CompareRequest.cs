using BsdVm.Traces;

namespace BsdVm.Lab;

/// <summary>What to compare.</summary>
public sealed record CompareRequest
{
    /// <summary>The traces.</summary>
    public required IReadOnlyList<TraceSource> Inputs { get; init; }

    /// <summary>The table structures, by backend; at least one.</summary>
    public required IReadOnlyList<PmapBackend> Backends { get; init; }

    /// <summary>
    /// What the machine lives on where none of <see cref="Backends"/> will do; a dictionary, which is slower, if nothing is said or an
    /// address is too wide for it. It needs bits that hardware keeps, address-space tags, and pages that refuse fetches.
    /// </summary>
    public PmapBackend? Machine { get; init; }

    /// <summary>The TLBs.</summary>
    public TlbSpecification Tlb { get; init; } = TlbSpecification.Default;

    /// <summary>Prices.</summary>
    public CostModel Cost { get; init; } = CostModel.Default;

    /// <summary>Moves regions of a trace that is too wide for a structure; without it such a structure is refused.</summary>
    public bool Fold { get; init; }

    /// <summary>
    /// Frames of full regions become large pages, on structures that have them; see <see cref="VmConfiguration.PromotesLargePages"/>.
    /// </summary>
    public bool PromotesLargePages { get; init; }

    /// <summary>The seed of a synthetic input, for the result's head; null for recorded programs.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Physical frames of 4 KB.</summary>
    public int FrameCount { get; init; } = 1 << 20;
}

/// <summary>A trace has an address that a structure cannot map, and was not to be folded.</summary>
public sealed class AddressTooWideException : Exception
{
    /// <summary>Names the structure and the first such address.</summary>
    public AddressTooWideException(string structure, VirtualAddress address)
        : base($"{structure} cannot map {address}, the first address of the trace that is too wide for it; "
            + "--fold moves each 4 MB region to a free place.")
    {
    }
}

/// <summary>Compares.</summary>
public static class Comparer
{
    /// <summary>Runs every trace through all structures in one pass.</summary>
    /// <param name="request">What to compare.</param>
    /// <param name="clock">Seconds since any fixed moment, for the times only; the library itself reads no clock.</param>
    /// <param name="progress">Is told the bytes read of the bytes in all, where known.</param>
    /// <exception cref="TraceFormatException">A trace or maps file is missing or malformed.</exception>
    /// <exception cref="AddressTooWideException">See there.</exception>
    public static CompareResult Run(CompareRequest request, Func<double> clock, Action<long, long?>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(clock);
        request = request with { Backends = [.. request.Backends.Select(WholeSpaceBackend.Of)] };
        var runs = new List<CompareRun>();
        foreach (TraceSource input in request.Inputs)
        {
            runs.Add(Run(request, input, clock, progress));
        }

        return new CompareResult(runs, request.Cost);
    }

    private static CompareRun Run(CompareRequest request, TraceSource input, Func<double> clock, Action<long, long?>? progress)
    {
        try
        {
            return new TraceReplay(request, input, clock, progress).Run();
        }
        catch (MachineTooNarrowException)
        {
            return new TraceReplay(request with { Machine = null }, input, clock, progress).Run();
        }
    }
}

/// <summary>An address that all structures can map is too wide for the machine that was to live the trace.</summary>
internal sealed class MachineTooNarrowException : Exception;
