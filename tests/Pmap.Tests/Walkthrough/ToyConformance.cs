namespace BsdVm.Tests.Walkthrough;

public class ToyConformance : Conformance.PmapConformance
{
    protected override PmapBackend CreateBackend() => new ToyBackend();
}
