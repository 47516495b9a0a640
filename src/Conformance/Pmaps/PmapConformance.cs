namespace BsdVm.Conformance;

/// <summary>
/// Every clause of the pmap contract (docs/design/pmap-contract.md) as a test. The author of a backend derives a class from this one,
/// overrides <see cref="CreateBackend"/>, and has them all. What a machine cannot do, as its capabilities say, is tested for what stands
/// in.
/// </summary>
[Properties(100)]
public abstract partial class PmapConformance
{
    /// <summary>Makes the backend under test. Called once or more a test.</summary>
    protected abstract PmapBackend CreateBackend();

    private PmapRig NewRig(int cpuCount = 1) => new(CreateBackend(), cpuCount);
}
