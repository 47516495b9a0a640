namespace BsdVm;

/// <summary>Rules of frames and queues.</summary>
public static class PageInvariants
{
    /// <summary>Checks all of them.</summary>
    public static void Check(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        CheckUses(system);
        CheckQueues(system);
        CheckWiring(system);
        CheckClean(system);
    }

    /// <summary><c>PAGE-USE</c>: every frame has exactly one use, and the counters say how many have which.</summary>
    public static void CheckUses(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var uses = new int[6];
        for (int frame = 0; frame < system.Pages.TotalCount; frame++)
        {
            ref VmPage page = ref system.Pages[frame];
            uses[(int)page.Use]++;
            Rule.Holds((page.Use == FrameUse.Object) == (page.Object != 0), "PAGE-USE", $"frame {frame}", $"an object for use {page.Use}", page.Object);
            Rule.Holds((page.Use == FrameUse.Anon) == (page.Anon != 0), "PAGE-USE", $"frame {frame}", $"an anon for use {page.Use}", page.Anon);
        }

        Rule.Equal(uses[(int)FrameUse.Free], system.Pages.FreeCount, "PAGE-USE", "free list", "free frames");
        Rule.Equal(uses[(int)FrameUse.PageTable], system.Pages.TableCount, "PAGE-USE", "page tables", "frames");
        Rule.Equal(0, uses[(int)FrameUse.Loose], "PAGE-USE", "between operations", "loose frames");
        Rule.Equal(system.Objects.All.Sum(static each => each.ResidentCount), uses[(int)FrameUse.Object], "PAGE-USE", "objects", "resident pages");
    }

    /// <summary><c>PAGE-QUEUES</c>: a page of memory that is neither wired nor busy is on one queue, all others on none.</summary>
    public static void CheckQueues(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var queued = new int[system.Pages.TotalCount];
        foreach (PageQueue queue in (ReadOnlySpan<PageQueue>)[PageQueue.Active, PageQueue.Inactive])
        {
            int count = 0;
            foreach (PageFrameNumber frame in system.Pages.Queue(queue))
            {
                queued[frame.Value]++;
                count++;
                Rule.Holds(system.Pages.QueueOf(frame) == queue, "PAGE-QUEUES", $"frame {frame}", $"mark {queue}", system.Pages.QueueOf(frame));
                Rule.Holds(count <= system.Pages.TotalCount, "PAGE-QUEUES", queue, "a queue with an end", "a circle");
            }

            Rule.Equal(count, queue == PageQueue.Active ? system.Pages.ActiveCount : system.Pages.InactiveCount, "PAGE-QUEUES", queue, "pages");
        }

        for (int frame = 0; frame < queued.Length; frame++)
        {
            ref VmPage page = ref system.Pages[frame];
            bool belongs = page.Use is FrameUse.Object or FrameUse.Anon && page.WireCount == 0 && !page.Busy;
            Rule.Equal(belongs ? 1 : 0, queued[frame], "PAGE-QUEUES", $"frame {frame} ({page.Use}, {page.WireCount} wirings)", "queues");
        }
    }

    /// <summary><c>WIRE-COUNT</c>: a frame's count is its wired mappings.</summary>
    public static void CheckWiring(VmSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var wired = new int[system.Pages.TotalCount];
        foreach (VmSpace space in system.Spaces)
        {
            foreach (PmapMapping mapping in space.Pmap.Mappings(space.Map.Bounds))
            {
                wired[mapping.Frame.Value] += (mapping.Flags & PmapFlags.Wired) != 0 ? 1 : 0;
            }
        }

        int frames = 0;
        for (int frame = 0; frame < wired.Length; frame++)
        {
            Rule.Equal(wired[frame], system.Pages[frame].WireCount, "WIRE-COUNT", $"frame {frame}", "wired mappings");
            frames += wired[frame] > 0 ? 1 : 0;
        }

        Rule.Equal(frames, system.Pages.WiredCount, "WIRE-COUNT", "all frames", "wired frames");
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
                    Rule.Holds(system.Machine.Memory.Frame(frame).SequenceEqual(stored), "PAGE-CLEAN", $"{file.Name} page {index}", "the file's bytes", "others");
                }
            }
        }
    }
}
