namespace BsdVm.Lab;

/// <summary>
/// Moves each distinct aligned 4 MB region of a trace to the next free 4 MB slot, in order of first use, so that it fits a narrow
/// structure.
/// </summary>
internal sealed class Folding
{
    private const int RegionShift = 22;
    private const ulong RegionBytes = 1UL << RegionShift;
    private readonly SortedDictionary<ulong, ulong> _slots = [];
    private readonly ulong _limit;
    private ulong _lastRegion = ulong.MaxValue;
    private ulong _lastSlot;

    /// <summary>Folds below <paramref name="limit"/>.</summary>
    public Folding(ulong limit) => _limit = limit;

    /// <summary>Whether a structure is too narrow for programs of 64-bit machines, which have 47 address bits.</summary>
    public static bool IsFor(PmapBackend backend) => backend.Capabilities.VirtualAddressBits < 47;

    /// <exception cref="InvalidDataException">The trace uses more regions than fit.</exception>
    public VirtualAddress Fold(VirtualAddress address)
    {
        ulong region = address.Value >> RegionShift;
        if (region != _lastRegion)
        {
            if (!_slots.TryGetValue(region, out ulong slot))
            {
                slot = (ulong)_slots.Count;
                if ((slot + 1) << RegionShift > _limit)
                {
                    throw new InvalidDataException(
                        $"the trace touches more than {_slots.Count} regions of 4 MB, which is all that fits when folded");
                }

                _slots.Add(region, slot);
            }

            _lastRegion = region;
            _lastSlot = slot;
        }

        return new((_lastSlot << RegionShift) | (address.Value & (RegionBytes - 1)));
    }

    /// <summary>Where the parts of a range lie; regions that were never touched are left out, for nothing is mapped in them.</summary>
    public IEnumerable<AddressRange> Pieces(AddressRange range)
    {
        foreach ((ulong region, ulong slot) in _slots)
        {
            var whole = new AddressRange(new(region << RegionShift), RegionBytes);
            if (whole.Overlaps(range))
            {
                ulong first = Math.Max(whole.Start.Value, range.Start.Value) & (RegionBytes - 1);
                ulong last = Math.Min(whole.Last.Value, range.Last.Value) & (RegionBytes - 1);
                yield return new AddressRange(new((slot << RegionShift) | first), last - first + 1);
            }
        }
    }
}
