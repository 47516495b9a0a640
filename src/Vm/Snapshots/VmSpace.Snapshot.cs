using BsdVm.Snapshots;

namespace BsdVm;

public sealed partial class VmSpace
{
    /// <summary>Its map, mappings and page tables now. What happens later does not change it.</summary>
    public VmSpaceSnapshot Snapshot() => new SnapshotReader(System).Read(this);

    /// <summary>
    /// The walk of one access over its page tables as they stand, step by step; null where the machine has no tables in memory. Sets no
    /// bits, counts nothing.
    /// </summary>
    public WalkExplanation? Explain(VirtualAddress address, AccessKind access, PrivilegeMode mode) =>
        Pmap.TableUse.Bytes == 0 ? null : Pmap.CreateView()?.Explain(address, access, mode);
}
