using BsdVm.Snapshots;

namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>Its entries now, with their object chains and amaps. What happens later does not change it.</summary>
    public VmMapSnapshot Snapshot() => new SnapshotReader(_system).Read(this);

    /// <summary>The entries in address order, of a moment in which nothing changes.</summary>
    internal IEnumerable<VmMapEntry> Entries()
    {
        for (VmMapEntry? entry = First; entry is not null; entry = entry.Next)
        {
            yield return entry;
        }
    }
}
