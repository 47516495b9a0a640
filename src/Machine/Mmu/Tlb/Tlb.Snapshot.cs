using System.Numerics;
using BsdVm.Snapshots;

namespace BsdVm;

public abstract partial class Tlb
{
    /// <summary>The valid entries, each with its own page size, in no order that means anything.</summary>
    internal IEnumerable<TlbEntrySnapshot> SnapshotEntries()
    {
        var entries = new List<(ulong Key, ulong Translation)>();
        Collect(entries);
        foreach ((ulong key, ulong translation) in entries)
        {
            AddressRange range = Keys.RangeOf(key);
            var size = new PageSize(BitOperations.Log2(range.LengthBytes));
            yield return TlbEntrySnapshot.Of(range.Start, size, TlbKeys.TagOf(key), translation);
        }
    }
}
