using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>
/// Everything that a system of virtual memory knew at one moment; see <see cref="VmSystem.Snapshot"/>. It does not change afterwards, and
/// it holds no reference to anything that does.
/// </summary>
public sealed record VmSystemSnapshot
{
    /// <summary>The address spaces, by <see cref="VmSpaceSnapshot.Id"/>.</summary>
    public required ImmutableArray<VmSpaceSnapshot> Spaces { get; init; }

    /// <summary>The objects, by <see cref="VmObjectSnapshot.Id"/>, cached files' included.</summary>
    public required ImmutableArray<VmObjectSnapshot> Objects { get; init; }

    /// <summary>The amaps that entries refer to, by <see cref="AmapSnapshot.Id"/>; empty where shadow chains take their place.</summary>
    public required ImmutableArray<AmapSnapshot> Amaps { get; init; }

    /// <summary>The frames and the paging queues.</summary>
    public required VmPagesSnapshot Pages { get; init; }

    /// <summary>The processors, by number.</summary>
    public required ImmutableArray<CpuSnapshot> Cpus { get; init; }
}
