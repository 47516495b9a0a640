namespace BsdVm;

/// <summary>What a frame is used for: exactly one thing at a time.</summary>
public enum FrameUse : byte
{
    /// <summary>On the free list.</summary>
    Free,

    /// <summary>Holds a page of an object.</summary>
    Object,

    /// <summary>Holds an anon's page.</summary>
    Anon,

    /// <summary>Belongs to a page table.</summary>
    PageTable,

    /// <summary>Allocated, and not yet put anywhere.</summary>
    Loose,

    /// <summary>Never handed out: frame 0 and the shared page of zeros.</summary>
    Reserved,
}

/// <summary>The paging queue that a page is on. Source: 4.4BSD <c>vm_page_queue_active</c>, <c>_inactive</c>.</summary>
public enum PageQueue : byte
{
    /// <summary>None: wired, busy, or not a page of memory.</summary>
    None,

    /// <summary>In use lately.</summary>
    Active,

    /// <summary>A candidate for reuse.</summary>
    Inactive,
}

/// <summary>The metadata of one frame, at the frame's number in one array. Source: 4.4BSD <c>struct vm_page</c>.</summary>
internal struct VmPage
{
    /// <summary>The page's index in its object.</summary>
    public ulong Index;

    /// <summary>Number of the object that holds it, or 0.</summary>
    public int Object;

    /// <summary>Number of the anon that holds it, or 0.</summary>
    public int Anon;

    /// <summary>Next frame in the same (object, index) hash bucket.</summary>
    public int HashNext;

    /// <summary>Neighbours in the object's list of resident pages.</summary>
    public int ObjectNext;

    /// <summary>Neighbours in the object's list of resident pages.</summary>
    public int ObjectPrevious;

    /// <summary>Neighbours on a paging queue or the free list.</summary>
    public int QueueNext;

    /// <summary>Neighbours on a paging queue or the free list.</summary>
    public int QueuePrevious;

    /// <summary>Where the frame stands in the allocator's list of frames in use.</summary>
    public int UsedPlace;

    /// <summary>Wired mappings of the frame.</summary>
    public int WireCount;

    /// <summary>What the frame is used for.</summary>
    public FrameUse Use;

    /// <summary>The queue it is on.</summary>
    public PageQueue Queue;

    /// <summary>A transfer is in progress: nobody may use or move it.</summary>
    public bool Busy;

    /// <summary>Its contents equal what its pager holds, as far as mappings have not said otherwise since.</summary>
    public bool Clean;
}
