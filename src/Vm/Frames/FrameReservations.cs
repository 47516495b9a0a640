namespace BsdVm;

/// <summary>
/// Takes the frames of private memory side by side, a large page's worth for each region of an address space that one mapping covers, so
/// that the pmap can make one large page of them when all are there. A reservation is a wish: its frames go to others once nothing else
/// is free. Source: FreeBSD <c>vm_reserv.c</c>.
/// </summary>
internal sealed class FrameReservations(VmPages pages, PageSize size)
{
    private readonly Dictionary<(int Pmap, ulong Region), int> _blocks = [];
    private readonly Stack<int> _given = new();
    private int _next = pages.ReservableStart;

    /// <summary>Takes the frame that stands where the page does in its region, or any other. False if none is free.</summary>
    public bool TryAllocate(VmSpace space, VmMapEntry entry, VirtualAddress page, out PageFrameNumber frame)
    {
        ulong region = page.Value >> size.Shift;
        var whole = new AddressRange(new(region << size.Shift), size.Bytes);
        bool fits = entry.Start <= whole.Start && whole.Last < entry.End;
        return fits && TryFindBlock((space.Pmap.Id, region), out int block)
            ? pages.Frames.TryAllocateAt(new((ulong)block + ((page - whole.Start) / PageSize.BaseBytes)), out frame)
            : pages.Frames.TryAllocate(out frame);
    }

    /// <summary>An address space ends: its blocks are for others. Pages that it shared keep their frames.</summary>
    public void Forget(VmSpace space)
    {
        foreach ((int Pmap, ulong Region) key in _blocks.Keys.Where(key => key.Pmap == space.Pmap.Id).ToArray())
        {
            _blocks.Remove(key, out int block);
            _given.Push(block);
        }
    }

    private bool TryFindBlock((int Pmap, ulong Region) key, out int block)
    {
        if (_blocks.TryGetValue(key, out block))
        {
            return true;
        }

        int frames = (int)(size.Bytes / PageSize.BaseBytes);
        if (!_given.TryPop(out block))
        {
            block = _next;
            if (block + frames > pages.TotalCount)
            {
                return false;
            }

            _next += frames;
        }

        _blocks.Add(key, block);
        return true;
    }
}
