using BsdVm.Snapshots;

namespace BsdVm;

public sealed partial class VmObject
{
    /// <summary>The object, its pages and the chain behind it now. What happens later does not change it.</summary>
    public VmObjectSnapshot Snapshot() => new SnapshotReader(_system).Read(this);

    /// <summary>The object alone, without pages and chain: what a message says of it.</summary>
    internal VmObjectSnapshot Describe() => new()
    {
        Id = Id,
        FileName = Vnode?.Name,
        IsAnonymous = IsAnonymous,
        SizeBytes = Vnode?.SizeBytes ?? SizeBytes,
        RefCount = RefCount,
        ShadowCount = ShadowCount,
        PagingInProgress = PagingInProgress,
        PagerKind = Pager?.Kind,
        StoredCount = IsAnonymous && Pager is AnonymousPager stored ? stored.Count : null,
        ShadowOffset = ShadowOffset,
    };
}
