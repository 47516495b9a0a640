using BsdVm.Mips;
using BsdVm.Structures;

namespace BsdVm.Tests;

/// <summary>Structures by the names that the command line takes.</summary>
internal static class Backends
{
    private static readonly StructureRegistry Registry = new();

    public static PmapBackend Named(string name) =>
        Registry.TryParse(name, out PmapBackend? walked) ? walked
        : Registry.TryParse(name, R4000.Instance, out PmapBackend? filled) ? filled
        : throw new ArgumentException(name, nameof(name));
}
