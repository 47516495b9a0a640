using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>A processor as it stood when the snapshot was taken; see <see cref="Cpu.Snapshot"/>.</summary>
public sealed record CpuSnapshot
{
    /// <summary>Its number, from 0.</summary>
    public required int Id { get; init; }

    /// <summary>On whose behalf it ran.</summary>
    public required PrivilegeMode Mode { get; init; }

    /// <summary>The address-space tag that its TLBs matched; 0 on machines without tags.</summary>
    public required uint Tag { get; init; }

    /// <summary>Its TLBs, first level first.</summary>
    public required ImmutableArray<TlbSnapshot> Tlbs { get; init; }

    /// <summary>
    /// Translations that the walker kept beside those TLBs, by tag, then by address: the joint TLB of a machine whose TLB software fills.
    /// Empty on other machines.
    /// </summary>
    public required ImmutableArray<TlbEntrySnapshot> WalkerEntries { get; init; }
}
