using BsdVm.Structures;

namespace BsdVm.Tests.Walkthrough;

public class SortedConformance : Conformance.PmapConformance
{
    protected override PmapBackend CreateBackend() => new StructureBackend(new SortedStructure());
}
