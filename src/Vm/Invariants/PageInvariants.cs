using BsdVm.Snapshots;

namespace BsdVm;

/// <summary>Rules of frames and queues. Each looks at the frames in use alone.</summary>
public static class PageInvariants
{
    /// <summary>Checks all of them but <see cref="CheckDelivered"/>, which is for the moment when something happens to a frame.</summary>
    public static void Check(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        CheckUses(system);
        CheckQueues(system);
        CheckClean(system);
    }

    /// <summary><c>PAGE-USE</c>: every frame in use has exactly one use, and the counters say how many have which.</summary>
    public static void CheckUses(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        Span<int> uses = stackalloc int[6];
        ReadOnlySpan<int> used = system.Pages.Used;
        for (int place = 0; place < used.Length; place++)
        {
            int frame = used[place];
            ref VmPage page = ref system.Pages[frame];
            uses[(int)page.Use]++;
            Rule.Equal(place, page.UsedPlace, "PAGE-USE", new FrameSubject(system.Pages, frame), "as its place among the frames in use");
            bool hasObject = page.Object != 0;
            bool hasAnon = page.Anon != 0;
            if ((page.Use == FrameUse.Object) != hasObject || (page.Use == FrameUse.Anon) != hasAnon)
            {
                Rule.Holds(
                    false, "PAGE-USE", new FrameSubject(system.Pages, frame), $"an owner for use {page.Use}",
                    $"object {page.Object}, anon {page.Anon}");
            }
        }

        int resident = system.Objects.All.Sum(static each => each.ResidentCount);
        Rule.Equal(0, uses[(int)FrameUse.Free] + uses[(int)FrameUse.Reserved], "PAGE-USE", "frames in use", "free or reserved frames");
        Rule.Equal(uses[(int)FrameUse.PageTable], system.Pages.TableCount, "PAGE-USE", "page tables", "frames");
        Rule.Equal(0, uses[(int)FrameUse.Loose], "PAGE-USE", "between operations", "loose frames");
        Rule.Equal(resident, uses[(int)FrameUse.Object], "PAGE-USE", "objects", "resident pages");
    }

    /// <summary><c>PAGE-QUEUES</c>: a page of memory that is neither wired nor busy is on one queue, all others on none.</summary>
    public static void CheckQueues(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        int queued = CheckQueue(system, PageQueue.Active, system.Pages.ActiveCount)
            + CheckQueue(system, PageQueue.Inactive, system.Pages.InactiveCount);
        foreach (int frame in system.Pages.Used)
        {
            ref VmPage page = ref system.Pages[frame];
            bool belongs = page.Use is FrameUse.Object or FrameUse.Anon && page.WireCount == 0 && !page.Busy;
            bool isQueued = page.Queue != PageQueue.None;
            if (belongs != isQueued)
            {
                Rule.Holds(
                    false, "PAGE-QUEUES", new FrameSubject(system.Pages, frame), belongs ? "a queue" : "no queue", page.Queue);
            }

            queued -= isQueued ? 1 : 0;
        }

        Rule.Equal(0, queued, "PAGE-QUEUES", "frames in use", "pages more on the queues than have their marks");
    }

    /// <summary><c>PAGE-CLEAN</c>: a page that nothing says is modified equals what its pager would bring.</summary>
    public static void CheckClean(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        Span<byte> stored = stackalloc byte[(int)PageSize.BaseBytes];
        foreach (VmObject each in system.Objects.All)
        {
            foreach ((ulong index, PageFrameNumber frame) in each.ResidentPages)
            {
                if (each.Vnode is { } file && !system.Pages.IsBusy(frame) && !system.IsDirty(frame))
                {
                    file.Store.Read(index, 0, stored);
                    bool isSame = system.Machine.Memory.Frame(frame).SequenceEqual(stored);
                    Rule.Holds(isSame, "PAGE-CLEAN", new PageSubject(each, index), "the file's bytes", "others");
                }
            }
        }
    }

    /// <summary>
    /// <c>TLB-OWED</c>: no invalidation is owed when a frame is freed, a page is cleaned, or a page is put where another one was seen. A
    /// TLB could still reach the old frame, or store without telling.
    /// </summary>
    /// <param name="system">The system.</param>
    /// <param name="frame">The frame that is freed, cleaned or inserted.</param>
    /// <param name="what">Which of them, as a word.</param>
    public static void CheckDelivered(VmSystem system, PageFrameNumber frame, string what)
    {
        ArgumentNullException.ThrowIfNull(system);
        if (system.Pmaps.HasOwedInvalidations)
        {
            Rule.Holds(
                false, "TLB-OWED", $"{system.Pages.Describe(frame)}, {what}", "TLBs that were told everything",
                "invalidations that are owed");
        }
    }

    // Links and marks agree, and a frame is there once: its back link names the frame that led to it.
    private static int CheckQueue(VmSystem system, PageQueue queue, int expected)
    {
        int count = 0;
        int previous = 0;
        for (int frame = system.Pages.Queues.HeadOf(queue); frame != 0; frame = system.Pages[frame].QueueNext)
        {
            ref VmPage page = ref system.Pages[frame];
            Rule.Holds(page.Queue == queue, "PAGE-QUEUES", new FrameSubject(system.Pages, frame), $"mark {queue}", page.Queue);
            Rule.Equal(previous, page.QueuePrevious, "PAGE-QUEUES", new FrameSubject(system.Pages, frame), "as the frame before it");
            previous = frame;
            count++;
        }

        Rule.Equal(count, expected, "PAGE-QUEUES", queue, "pages");
        return count;
    }
}
