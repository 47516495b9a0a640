using BsdVm.Arm;
using BsdVm.X86;

namespace BsdVm.Tests.Contract;

/// <summary>The backends of all machines, by name.</summary>
internal static class NamedBackends
{
    public static PmapBackend Get(string name) =>
        X86Backends.All.Concat(ArmBackends.All).FirstOrDefault(candidate => candidate.Name == name) ?? Backends.Named(name);
}
