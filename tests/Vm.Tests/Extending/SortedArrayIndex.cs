using BsdVm.Conformance;

namespace BsdVm.Tests.Extending;

/// <summary>Entries in an array by address: look-ups by halving, insertions move what lies above.</summary>
public sealed class SortedArrayIndex(VirtualAddress minimum) : VmMapIndex
{
    private readonly List<VmMapEntry> _entries = [];

    public override string Name => "array";

    public override int Count => _entries.Count;

    public override VmMapEntry? First => _entries.Count > 0 ? _entries[0] : null;

    public override VmMapEntry? FindAtOrBelow(VirtualAddress address)
    {
        int place = PlaceAbove(address);
        return place > 0 ? _entries[place - 1] : null;
    }

    public override void Insert(VmMapEntry entry) => _entries.Insert(PlaceAbove(entry.Start), entry);

    public override void Remove(VmMapEntry entry) => _entries.RemoveAt(PlaceAbove(entry.Start) - 1);

    // Nothing but the order is kept, and that never changes.
    public override void Resized(VmMapEntry entry)
    {
    }

    public override bool TryFindGap(VirtualAddress from, VirtualAddress limit, ulong lengthBytes, out VirtualAddress start)
    {
        start = from < minimum ? minimum : from;
        int place = PlaceAbove(start);
        if (place > 0 && _entries[place - 1].End > start)
        {
            start = _entries[place - 1].End;
        }

        for (; place < _entries.Count && _entries[place].Start - start < lengthBytes; place++)
        {
            start = _entries[place].End;
        }

        return start <= limit && limit - start >= lengthBytes;
    }

    public override void CheckStructure()
    {
        for (int place = 1; place < _entries.Count; place++)
        {
            if (!ReferenceEquals(_entries[place].Previous, _entries[place - 1]))
            {
                throw new InvariantViolationException(
                    "MAP-INDEX", $"entry {_entries[place].Range}", "the order of the list", "another one");
            }
        }
    }

    // The number of entries that start at or below an address.
    private int PlaceAbove(VirtualAddress address)
    {
        int low = 0;
        for (int high = _entries.Count; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = _entries[middle].Start <= address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

public class SortedArrayIndexConformance : VmMapIndexConformance
{
    protected override VmMapIndex CreateIndex(VirtualAddress minimum) => new SortedArrayIndex(minimum);
}
