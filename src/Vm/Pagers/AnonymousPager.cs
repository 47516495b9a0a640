namespace BsdVm;

/// <summary>
/// Backing store for anonymous pages: holds exactly the pages that were put, in host memory. Source: 4.4BSD's default pager
/// (<c>swap_pager.c</c>), whose pages can be asked for, moved and freed one by one as in FreeBSD.
/// </summary>
public class AnonymousPager : Pager
{
    private readonly Dictionary<ulong, byte[]> _pages = [];

    /// <inheritdoc/>
    public override string Kind => "swap";

    /// <summary>Pages it holds.</summary>
    public int Count => _pages.Count;

    /// <summary>The indexes it holds, in no order.</summary>
    public IEnumerable<ulong> Indexes => _pages.Keys;

    /// <inheritdoc/>
    public override PagerLookup HasPage(ulong index) => _pages.ContainsKey(index) ? PagerLookup.Present : PagerLookup.Absent;

    /// <inheritdoc/>
    public override PagerStatus GetPage(PagerTransfer transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        transfer.Memory.Write(transfer.Frame.Address, _pages[transfer.Index]);
        return PagerStatus.Done;
    }

    /// <inheritdoc/>
    public override PagerStatus PutPage(ulong index, PhysicalMemory memory, PageFrameNumber frame)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _pages[index] = memory.Frame(frame).ToArray();
        return PagerStatus.Done;
    }

    /// <inheritdoc/>
    public override void FreePage(ulong index) => _pages.Remove(index);

    /// <summary>Takes a page over from another store under a new index, without copying.</summary>
    internal void Adopt(AnonymousPager from, ulong fromIndex, ulong index)
    {
        if (from._pages.Remove(fromIndex, out byte[]? page))
        {
            _pages[index] = page;
        }
    }
}
