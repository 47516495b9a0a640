using BsdVm.Arm;
using BsdVm.Conformance;

namespace BsdVm.Tests.Arm;

/// <summary>The contract on ARM short descriptors.</summary>
public class ShortConformance : PmapConformance
{
    protected override PmapBackend CreateBackend() => ArmBackends.Short;
}
