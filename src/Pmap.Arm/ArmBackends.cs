using System.Collections.Immutable;

namespace BsdVm.Arm;

/// <summary>The backends of this assembly.</summary>
public static class ArmBackends
{
    /// <summary>
    /// ARMv7-A with short descriptors: one table by TTBR0 (TTBCR.N=0), programs below 3 GB; pages can refuse fetches; references and
    /// stores are learned from access flag and permission faults.
    /// </summary>
    public static PmapBackend Short { get; } = new ArmBackend();

    /// <summary>All of them.</summary>
    public static ImmutableArray<PmapBackend> All { get; } = [Short];
}
