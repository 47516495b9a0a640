using BsdVm.Arm;
using BsdVm.Mips;
using BsdVm.X86;

namespace BsdVm.Tests.Contract;

/// <summary>The backends of all machines, by name.</summary>
internal static class NamedBackends
{
    public static PmapBackend Get(string name)
    {
        PmapBackend? backend = X86Backends.All.Concat(ArmBackends.All).FirstOrDefault(candidate => candidate.Name == name);
        return backend is not null || MipsBackends.TryParse(name, out backend) ? backend : throw new ArgumentException(name, nameof(name));
    }
}
