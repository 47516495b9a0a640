using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>A map as it stood when the snapshot was taken; see <see cref="VmMap.Snapshot"/>.</summary>
public sealed record VmMapSnapshot
{
    /// <summary>The addresses that could be mapped.</summary>
    public required AddressRange Bounds { get; init; }

    /// <summary>The sum of the entries' lengths, in bytes.</summary>
    public required ulong SizeBytes { get; init; }

    /// <summary>The entries in address order.</summary>
    public required ImmutableArray<VmMapEntrySnapshot> Entries { get; init; }

    /// <summary>The entry that held an address, or null.</summary>
    public VmMapEntrySnapshot? Lookup(VirtualAddress address)
    {
        int low = 0;
        for (int high = Entries.Length; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = Entries[middle].Range.Start <= address ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && Entries[low - 1].Range.Contains(address) ? Entries[low - 1] : null;
    }
}
