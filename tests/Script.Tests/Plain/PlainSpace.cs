namespace BsdVm.Script.Tests;

/// <summary>A run of pages that were mapped alike. The bytes of a private one lie in its overlay, above the file or above zeros.</summary>
internal sealed record PlainRegion
{
    public ulong Start { get; init; }

    public ulong End { get; init; }

    public Protection Rights { get; init; }

    public bool Shared { get; init; }

    public PlainFile? Source { get; init; }

    public ulong SourcePage { get; init; }

    public bool ReadOnlyFile { get; init; }

    public bool GrowsDown { get; init; }

    public VmInheritance Inheritance { get; init; } = VmInheritance.Copy;

    /// <summary>Private pages that were written, by page number of the address. Shared between processes after minherit share.</summary>
    public Dictionary<ulong, byte[]> Overlay { get; init; } = [];

    public bool Touches(ulong start, ulong end) => Start < end && start < End;

    public PlainRegion Cut(ulong start, ulong end) => this with { Start = start, End = end, SourcePage = SourcePage + (start - Start) };

    public PlainRegion Forked()
    {
        if (Inheritance == VmInheritance.Share)
        {
            return this;
        }

        // The copy of shared memory is private, and what it held at the fork.
        return this with
        {
            Shared = false,
            Source = Shared && Source?.Name is null ? null : Source,
            Overlay = Shared
                ? SharedPages().ToDictionary(page => page.Page, page => (byte[])page.Bytes.Clone())
                : Overlay.ToDictionary(page => page.Key, page => (byte[])page.Value.Clone()),
        };
    }

    private IEnumerable<(ulong Page, byte[] Bytes)> SharedPages()
    {
        for (ulong page = Start; page < End; page++)
        {
            if (Source!.Page(SourcePage + (page - Start)) is { } bytes)
            {
                yield return (page, bytes);
            }
        }
    }
}

/// <summary>The address space of a process, or of two while a vfork child lives. Numbers are page numbers.</summary>
internal sealed class PlainSpace
{
    private List<PlainRegion> _regions = [];

    public ulong HeapStart { get; init; }

    public ulong Break { get; set; }

    public IReadOnlyList<PlainRegion> Regions => _regions;

    public PlainRegion? Find(ulong page) => _regions.Find(region => region.Start <= page && page < region.End);

    public bool IsFree(ulong start, ulong end) => !_regions.Exists(region => region.Touches(start, end));

    public bool IsCovered(ulong start, ulong end)
    {
        for (ulong page = start; page < end; page++)
        {
            if (Find(page) is null)
            {
                return false;
            }
        }

        return true;
    }

    public void Remove(ulong start, ulong end) => Change(start, end, _ => null);

    public void Add(PlainRegion region)
    {
        Remove(region.Start, region.End);
        _regions.Add(region);
        _regions.Sort((left, right) => left.Start.CompareTo(right.Start));
    }

    /// <summary>Splits regions at the range's ends and replaces what lies inside; null takes it away.</summary>
    public void Change(ulong start, ulong end, Func<PlainRegion, PlainRegion?> change)
    {
        List<PlainRegion> changed = [];
        foreach (PlainRegion region in _regions)
        {
            if (!region.Touches(start, end))
            {
                changed.Add(region);
                continue;
            }

            ulong from = Math.Max(start, region.Start);
            ulong to = Math.Min(end, region.End);
            PlainRegion?[] parts = [region.Cut(region.Start, from), change(region.Cut(from, to)), region.Cut(to, region.End)];
            changed.AddRange(parts.Where(part => part is not null && part.Start < part.End)!);
        }

        _regions = changed;
    }

    public PlainSpace Forked() => new()
    {
        HeapStart = HeapStart,
        Break = Break,
        _regions =
        [
            .. _regions.Where(region => region.Inheritance != VmInheritance.None).Select(region =>
                region.Inheritance == VmInheritance.Zero
                    ? region with { Overlay = [], Source = null, Shared = false }
                    : region.Forked()),
        ],
    };
}
