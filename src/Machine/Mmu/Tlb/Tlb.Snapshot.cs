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
            yield return TlbEntrySnapshot.Of(range.Start, new PageSize(BitOperations.Log2(range.LengthBytes)), TlbKeys.TagOf(key), translation);
        }
    }
}
