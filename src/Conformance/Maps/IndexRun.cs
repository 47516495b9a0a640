using Xunit;

namespace BsdVm.Conformance;

/// <summary>An index, and a plain sorted list of the same entries; every answer of the one is compared with the other's.</summary>
internal sealed class IndexRun
{
    private readonly VmMapIndex _index;
    private readonly VirtualAddress _minimum;
    private readonly List<VmMapEntry> _entries = [];

    public IndexRun(Func<VirtualAddress, VmMapIndex> create, VirtualAddress minimum)
    {
        _minimum = minimum;
        _index = create(minimum);
    }

    public void Perform(IndexOperation step)
    {
        switch (step.Action)
        {
            case IndexAction.Insert:
                Insert(Page(step.Page), step.Pages);
                break;
            case IndexAction.Remove when _entries.Count > 0:
                Remove(step.Detail % _entries.Count);
                break;
            case IndexAction.Resize when _entries.Count > 0:
                Resize(step.Detail % _entries.Count, step);
                break;
            case IndexAction.FindGap:
                CheckGap(
                    Page(step.Page) - ((ulong)(step.Detail % 3) * PageSize.BaseBytes), Page(step.Page + (step.Detail % 64)),
                    (ulong)step.Pages * PageSize.BaseBytes);
                break;
            default:
                CheckFind(Page(step.Page) + (ulong)step.Detail);
                break;
        }

        CheckWhole();
    }

    /// <summary>Puts an entry there, unless something is in the way.</summary>
    public void Insert(VirtualAddress start, int pages)
    {
        VirtualAddress end = start + ((ulong)pages * PageSize.BaseBytes);
        if (_entries.Exists(entry => entry.Start < end && start < entry.End))
        {
            return;
        }

        int place = _entries.Count(entry => entry.Start < start);
        var made = new VmMapEntry { Start = start, End = end, Previous = At(place - 1), Next = At(place) };
        LinkNeighbours(made, made, made);
        _entries.Insert(place, made);
        _index.Insert(made);
    }

    public void Remove(int place)
    {
        VmMapEntry gone = _entries[place];
        LinkNeighbours(gone, gone.Next, gone.Previous);
        _entries.RemoveAt(place);
        _index.Remove(gone);
    }

    public void CheckWhole()
    {
        _index.CheckStructure();
        Assert.Equal(_entries.Count, _index.Count);
        Assert.Same(_entries.FirstOrDefault(), _index.First);
    }

    public void CheckFind(VirtualAddress address)
    {
        VmMapEntry? expected = _entries.LastOrDefault(entry => entry.Start <= address);
        VmMapEntry? found = _index.FindAtOrBelow(address);
        Assert.True(
            ReferenceEquals(expected, found),
            $"At or below {address}: {found?.Range.ToString() ?? "nothing"} instead of {expected?.Range.ToString() ?? "nothing"}");
    }

    public void CheckGap(VirtualAddress from, VirtualAddress limit, ulong lengthBytes)
    {
        VirtualAddress lowest = from < _minimum ? _minimum : from;
        VirtualAddress? expected = _entries.Select(static entry => entry.End).Where(end => end > lowest).Prepend(lowest)
            .Where(start => start <= limit && limit - start >= lengthBytes && IsFree(start, lengthBytes))
            .Select(static start => (VirtualAddress?)start)
            .FirstOrDefault();
        bool has = _index.TryFindGap(from, limit, lengthBytes, out VirtualAddress found);
        string asked = $"0x{lengthBytes:x} bytes from {from} up to {limit}";
        Assert.True(has == expected.HasValue, $"{asked}: {(has ? found.ToString() : "none")} instead of {expected?.ToString() ?? "none"}");
        Assert.True(!has || found == expected, $"{asked}: {found} instead of {expected}");
    }

    private VirtualAddress Page(int number) => _minimum + ((ulong)number * PageSize.BaseBytes);

    private VmMapEntry? At(int place) => place >= 0 && place < _entries.Count ? _entries[place] : null;

    private bool IsFree(VirtualAddress start, ulong lengthBytes) =>
        !_entries.Exists(entry => entry.Start < start + lengthBytes && start < entry.End);

    private static void LinkNeighbours(VmMapEntry between, VmMapEntry? next, VmMapEntry? previous)
    {
        if (between.Previous is { } below)
        {
            below.Next = next;
        }

        if (between.Next is { } above)
        {
            above.Previous = previous;
        }
    }

    // Both ends may move as far as the neighbours and the window let them, and at least one page stays.
    private void Resize(int place, IndexOperation step)
    {
        VmMapEntry entry = _entries[place];
        if ((step.Detail & 1) == 0)
        {
            VirtualAddress lowest = At(place - 1)?.End ?? _minimum;
            VirtualAddress wanted = Page(step.Page);
            entry.Start = wanted < lowest ? lowest : wanted < entry.End ? wanted : entry.Start;
        }
        else
        {
            VirtualAddress highest = At(place + 1)?.Start ?? Page(IndexOperation.WindowPages + 16);
            VirtualAddress wanted = Page(step.Page);
            entry.End = wanted > highest ? highest : wanted > entry.Start ? wanted : entry.End;
        }

        _index.Resized(entry);
    }
}
