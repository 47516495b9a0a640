using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>An address space as it stood when the snapshot was taken; see <see cref="VmSpace.Snapshot"/>.</summary>
public sealed record VmSpaceSnapshot
{
    private static readonly Comparer<PmapMapping> ByAddress =
        Comparer<PmapMapping>.Create(static (left, right) => left.Address.CompareTo(right.Address));

    /// <summary>The number of its pmap (<see cref="Pmap.Id"/>). No other space that lived at the time had it; a later one may.</summary>
    public required int Id { get; init; }

    /// <summary>What was mapped.</summary>
    public required VmMapSnapshot Map { get; init; }

    /// <summary>How the machine mapped it: its mappings of base pages, in address order.</summary>
    public required ImmutableArray<PmapMapping> Mappings { get; init; }

    /// <summary>What its page tables took.</summary>
    public required PmapTableUse TableUse { get; init; }

    /// <summary>The page tables, in the form of their structure.</summary>
    public required TableSnapshot Tables { get; init; }

    /// <summary>Faults that needed no pager.</summary>
    public required long MinorFaults { get; init; }

    /// <summary>Faults that waited for a pager.</summary>
    public required long MajorFaults { get; init; }

    /// <summary>The mapping of the page that holds <paramref name="address"/>.</summary>
    public bool TryGetMapping(VirtualAddress address, out PmapMapping mapping)
    {
        VirtualAddress page = address.RoundDown(PageSize.Base);
        int place = Mappings.BinarySearch(new(page, default, default, default), ByAddress);
        mapping = place >= 0 ? Mappings[place] : default;
        return place >= 0;
    }
}
