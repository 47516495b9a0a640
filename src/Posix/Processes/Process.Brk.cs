namespace BsdVm.Posix;

public abstract partial class Process
{
    /// <summary>Where the heap begins.</summary>
    public ulong BreakStart => _heap.Start;

    /// <summary>The end of the heap, not rounded.</summary>
    public ulong Break => _heap.End;

    /// <summary>
    /// brk(2): moves the end of the heap and returns the new one. ENOMEM if something is in the way; Linux wants a page above it free too,
    /// and the gap below a stack. An address below the heap's beginning asks Linux where the end is, and is ENOMEM on BSD. Linux leaves the
    /// end where it was, and tells it, if nothing is mapped where the heap would shrink.
    /// </summary>
    public SyscallResult Brk(ulong address)
    {
        Errno error = MoveBreak(address);
        return error == Errno.None ? new SyscallResult(Errno.None, Break) : error;
    }

    /// <summary>
    /// sbrk(3): moves the end of the heap by a distance and returns the old one. As in glibc a refused shrinking is no error.
    /// </summary>
    public SyscallResult Sbrk(long deltaBytes)
    {
        ulong old = Break;
        ulong wanted = unchecked(old + (ulong)deltaBytes);
        if (deltaBytes > 0 ? wanted < old : wanted > old)
        {
            return Errno.ENOMEM;
        }

        Errno error = MoveBreak(wanted);
        return error == Errno.None ? new SyscallResult(Errno.None, old) : error;
    }

    /// <summary>
    /// Says where the heap is, and maps and unmaps nothing: for a loader that has mapped its beginning. Source: Linux prctl(2)
    /// <c>PR_SET_MM_START_BRK</c>, <c>PR_SET_MM_BRK</c>.
    /// </summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends, not below that.</param>
    public void PlaceHeap(ulong start, ulong end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(end, start);
        (_heap.Start, _heap.End) = (start, end);
    }

    /// <summary>What a break below the heap's beginning gives; no error asks where the break is.</summary>
    private protected abstract Errno BreakBelowHeap { get; }

    /// <summary>Whether the heap's end, page aligned, goes away when the break moves down.</summary>
    private protected abstract bool MayShrinkHeap(AddressRange end);

    /// <summary>Whether the heap may grow by a range, page aligned, in which nothing is mapped.</summary>
    private protected abstract bool MayGrowHeap(AddressRange added, in Mapping mapping);

    private Errno MoveBreak(ulong address)
    {
        if (address < BreakStart)
        {
            return BreakBelowHeap;
        }

        if (address > UserLimit)
        {
            return Errno.ENOMEM;
        }

        ulong from = RoundUp(Break);
        ulong to = RoundUp(address);
        if (to < from)
        {
            if (!MayShrinkHeap(RangeOf(to, from)))
            {
                return Errno.None;
            }

            Unmap(RangeOf(to, from));
        }
        else if (to > from)
        {
            AddressRange range = RangeOf(from, to);
            var mapping = new Mapping(Protection.ReadWrite, false, null, 0, MmapOptions.None);
            if (!Map.IsFree(range) || !MayGrowHeap(range, mapping))
            {
                return Errno.ENOMEM;
            }

            Add(range, mapping, isHeap: true);
        }

        _heap.End = address;
        return Errno.None;
    }
}
