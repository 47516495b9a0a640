using System.Numerics;
using System.Runtime.CompilerServices;
using BsdVm.Snapshots;

namespace BsdVm;

/// <summary>
/// Which frame holds a page of an object: one hash of (object, index) for all objects, and each object's list of resident pages.
/// Source: 4.4BSD <c>vm_page_lookup</c>, <c>vm_page_insert</c>, <c>vm_page_remove</c>, <c>vm_page_rename</c>.
/// </summary>
internal sealed class PageHash
{
    private readonly VmPage[] _pages;
    private readonly int[] _buckets;

    /// <summary>An empty hash with about a bucket a frame.</summary>
    public PageHash(VmPage[] pages)
    {
        _pages = pages;
        _buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)pages.Length)];
    }

    /// <summary>The resident page of an object, or 0. Source: <c>vm_page_lookup</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Lookup(VmObject owner, ulong index)
    {
        int number = owner.Id;
        for (int frame = _buckets[Bucket(number, index)]; frame != 0; frame = _pages[frame].HashNext)
        {
            ref VmPage page = ref _pages[frame];
            if (page.Index == index && page.Object == number)
            {
                return frame;
            }
        }

        return 0;
    }

    /// <summary>Puts a loose frame into an object, at an index that has none. Source: <c>vm_page_insert</c>.</summary>
    /// <exception cref="InvariantViolationException">The object has a page there.</exception>
    public void Insert(PageFrameNumber frame, VmObject owner, ulong index)
    {
        ref VmPage page = ref _pages[frame.Value];
        if (page.Use != FrameUse.Loose)
        {
            string subject = Description.Describe(in page, frame).ToString();
            throw new InvariantViolationException("PAGE-USE", subject, "a loose frame", page.Use.ToString());
        }

        page.Use = FrameUse.Object;
        Link(ref page, (int)frame.Value, owner, index);
    }

    /// <summary>Takes a page out of its object; the frame is loose then. It must be on no queue.</summary>
    public void Remove(PageFrameNumber frame, VmObject owner)
    {
        UnlinkFromObject((int)frame.Value, owner);
        _pages[frame.Value].Use = FrameUse.Loose;
    }

    /// <summary>Moves a page to another object, with its queue, wiring and mappings. Source: <c>vm_page_rename</c>.</summary>
    public void Rename(PageFrameNumber frame, VmObject from, VmObject to, ulong index)
    {
        UnlinkFromObject((int)frame.Value, from);
        Link(ref _pages[frame.Value], (int)frame.Value, to, index);
    }

    private int Bucket(int owner, ulong index) => (int)(((uint)owner * 0x9E3779B1u) + (uint)index) & (_buckets.Length - 1);

    private void Link(ref VmPage page, int frame, VmObject owner, ulong index)
    {
        page.Object = owner.Id;
        page.Index = index;
        ref int bucket = ref _buckets[Bucket(owner.Id, index)];
        page.HashNext = bucket;
        bucket = frame;
        page.ObjectPrevious = 0;
        page.ObjectNext = owner.FirstPage;
        if (owner.FirstPage != 0)
        {
            _pages[owner.FirstPage].ObjectPrevious = frame;
        }

        owner.FirstPage = frame;
        owner.ResidentCount++;
    }

    private void UnlinkFromObject(int frame, VmObject owner)
    {
        ref VmPage page = ref _pages[frame];
        ref int link = ref _buckets[Bucket(page.Object, page.Index)];
        while (link != frame)
        {
            link = ref _pages[link].HashNext;
        }

        link = page.HashNext;
        if (page.ObjectPrevious != 0)
        {
            _pages[page.ObjectPrevious].ObjectNext = page.ObjectNext;
        }
        else
        {
            owner.FirstPage = page.ObjectNext;
        }

        if (page.ObjectNext != 0)
        {
            _pages[page.ObjectNext].ObjectPrevious = page.ObjectPrevious;
        }

        page.Object = 0;
        page.HashNext = 0;
        page.ObjectNext = 0;
        page.ObjectPrevious = 0;
        owner.ResidentCount--;
    }
}
