namespace BsdVm;

/// <summary>The frames of memory as page tables take them.</summary>
internal sealed class TableFrameSource(VmSystem system) : IFrameSource
{
    /// <inheritdoc/>
    public bool TryAllocate(int count, int alignment, PageFrameNumber below, out PageFrameNumber first)
    {
        VmPages pages = system.Pages;
        bool isAny = count == 1 && alignment == 1 && below.Value >= (ulong)pages.TotalCount;
        if (!(isAny ? pages.Frames.TryAllocate(out first) : pages.Frames.TryAllocateRun(count, alignment, below, out first)))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            pages[(int)first.Value + i].Use = FrameUse.PageTable;
        }

        pages.TableCount += count;
        return true;
    }

    /// <inheritdoc/>
    public void Free(PageFrameNumber first, int count)
    {
        system.Pages.TableCount -= count;
        for (int i = 0; i < count; i++)
        {
            // Not through FreeFrame: a pmap owes the update itself, before it gives a table back.
            system.Pages.Frames.Free(new(first.Value + (ulong)i));
        }
    }
}
