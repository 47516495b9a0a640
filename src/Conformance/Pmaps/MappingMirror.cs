using Xunit;

namespace BsdVm.Conformance;

/// <summary>
/// What an observer can know of the mappings, to be compared with the pmaps. Referenced and modified are nobody's to tell.
/// </summary>
internal sealed class MappingMirror : IPmapObserver
{
    private readonly Dictionary<(Pmap Pmap, VirtualAddress Address), PmapMapping> _mappings = [];

    public List<Pmap> Destroyed { get; } = [];

    public void Entered(Pmap pmap, in PmapMapping mapping) => _mappings.Add((pmap, mapping.Address), mapping);

    public void Changed(Pmap pmap, in PmapMapping mapping)
    {
        Assert.Equal(_mappings[(pmap, mapping.Address)].Frame, mapping.Frame);
        _mappings[(pmap, mapping.Address)] = mapping;
    }

    public void Removed(Pmap pmap, VirtualAddress address) =>
        Assert.True(_mappings.Remove((pmap, address)), $"A mapping at {address} went that had not come.");

    void IPmapObserver.Destroyed(Pmap pmap) => Destroyed.Add(pmap);

    public void Verify(IEnumerable<Pmap> living, AddressRange all)
    {
        IEnumerable<(Pmap, PmapMapping)> expected = living.SelectMany(pmap => pmap.Mappings(all).Select(mapping => (pmap, Bare(mapping))));
        Assert.Equal(expected.ToHashSet(), _mappings.Select(pair => (pair.Key.Pmap, Bare(pair.Value))).ToHashSet());
    }

    private static PmapMapping Bare(in PmapMapping mapping) => mapping with { Flags = mapping.Flags & PmapFlags.Wired };
}
