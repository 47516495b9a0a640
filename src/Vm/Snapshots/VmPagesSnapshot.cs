using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>The frames and paging queues as they stood when the snapshot was taken.</summary>
public sealed record VmPagesSnapshot
{
    /// <summary>All frames, the two reserved ones included.</summary>
    public required int TotalCount { get; init; }

    /// <summary>Frames that were free.</summary>
    public required int FreeCount { get; init; }

    /// <summary>Frames with at least one wired mapping.</summary>
    public required int WiredCount { get; init; }

    /// <summary>Frames of page tables.</summary>
    public required int TableCount { get; init; }

    /// <summary>The active queue, head (next to be looked at) first.</summary>
    public required ImmutableArray<PageFrameNumber> Active { get; init; }

    /// <summary>The inactive queue, head (next to be reused) first.</summary>
    public required ImmutableArray<PageFrameNumber> Inactive { get; init; }

    /// <summary>The frames that were not free, by number.</summary>
    public required ImmutableArray<VmPageSnapshot> InUse { get; init; }
}
