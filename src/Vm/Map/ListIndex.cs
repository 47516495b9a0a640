namespace BsdVm;

/// <summary>
/// The sorted list of 4.4BSD with its hint: a search starts at the entry last found, or at either end. Source: <c>vm_map_lookup_entry</c>,
/// <c>vm_map_findspace</c>.
/// </summary>
public sealed class ListIndex : VmMapIndex
{
    private readonly VirtualAddress _minimum;
    private VmMapEntry? _first;
    private VmMapEntry? _hint;
    private int _count;

    /// <summary>The index of a map that starts at <paramref name="minimum"/>.</summary>
    public ListIndex(VirtualAddress minimum) => _minimum = minimum;

    /// <inheritdoc/>
    public override string Name => "list";

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override VmMapEntry? First => _first;

    /// <inheritdoc/>
    public override VmMapEntry? FindAtOrBelow(VirtualAddress address)
    {
        VmMapEntry? entry = _hint is not null && _hint.Start <= address ? _hint : _first;
        if (entry is null || entry.Start > address)
        {
            return null;
        }

        while (entry.Next is { } next && next.Start <= address)
        {
            entry = next;
        }

        _hint = entry;
        return entry;
    }

    /// <inheritdoc/>
    public override void Insert(VmMapEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Previous is null)
        {
            _first = entry;
        }

        _hint = entry;
        _count++;
    }

    /// <inheritdoc/>
    public override void Remove(VmMapEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (ReferenceEquals(_first, entry))
        {
            _first = entry.Next;
        }

        if (ReferenceEquals(_hint, entry))
        {
            _hint = entry.Previous;
        }

        _count--;
    }

    /// <inheritdoc/>
    public override void Resized(VmMapEntry entry)
    {
    }

    /// <inheritdoc/>
    public override bool TryFindGap(VirtualAddress from, VirtualAddress limit, ulong lengthBytes, out VirtualAddress start)
    {
        start = from < _minimum ? _minimum : from;
        VmMapEntry? below = FindAtOrBelow(start);
        VmMapEntry? next = below is null ? _first : below.Next;
        if (below is not null && below.End > start)
        {
            start = below.End;
        }

        while (next is not null && (next.Start < start || next.Start - start < lengthBytes))
        {
            start = next.End;
            next = next.Next;
        }

        return start <= limit && limit - start >= lengthBytes;
    }

    /// <inheritdoc/>
    public override void CheckStructure()
    {
        int count = 0;
        for (VmMapEntry? entry = _first; entry is not null; entry = entry.Next)
        {
            count++;
        }

        if (count != _count)
        {
            throw new InvariantViolationException("MAP-INDEX", "list", $"{_count} entries", $"{count}");
        }
    }
}
