namespace BsdVm;

/// <summary>Whether a pager holds a page. Source: 4.4BSD <c>VM_PAGER_OK</c>, <c>VM_PAGER_FAIL</c>, <c>VM_PAGER_BAD</c>.</summary>
public enum PagerLookup : byte
{
    /// <summary>It can bring the page.</summary>
    Present,

    /// <summary>The page is in range, and the pager holds nothing for it: the search goes on below.</summary>
    Absent,

    /// <summary>The page lies behind the end of what the pager backs.</summary>
    OutOfRange,
}

/// <summary>What became of a transfer.</summary>
public enum PagerStatus : byte
{
    /// <summary>It is complete.</summary>
    Done,

    /// <summary>It is under way; <see cref="PagerTransfer.Complete"/> will be called.</summary>
    Pending,

    /// <summary>It failed.</summary>
    Error,
}

/// <summary>
/// Where an object's pages come from and go to. A new kind of backing store is one subclass; the kit in Conformance checks it.
/// Source: 4.4BSD <c>struct pagerops</c> (getpages, putpages, haspage).
/// </summary>
public abstract class Pager
{
    /// <summary>One word for pictures: <c>vnode</c>, <c>swap</c>, <c>zero</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it holds the page at an index of the object (a page number, not bytes). Never waits.</summary>
    public abstract PagerLookup HasPage(ulong index);

    /// <summary>
    /// Brings a page into the transfer's frame, every byte of it. Only for pages that <see cref="HasPage"/> says are present. May answer
    /// <see cref="PagerStatus.Pending"/> and complete the transfer later from the machine's scheduler.
    /// </summary>
    public abstract PagerStatus GetPage(PagerTransfer transfer);

    /// <summary>Writes a page from a frame, at once.</summary>
    public abstract PagerStatus PutPage(ulong index, PhysicalMemory memory, PageFrameNumber frame);

    /// <summary>Forgets the page at an index; the next look-up says absent, where this kind of store can.</summary>
    public virtual void FreePage(ulong index)
    {
    }
}
