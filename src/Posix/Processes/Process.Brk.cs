namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>Where the heap begins.</summary>
    public ulong BreakStart => _heap.Start;

    /// <summary>The end of the heap, not rounded.</summary>
    public ulong Break => _heap.End;

    /// <summary>
    /// brk(2): moves the end of the heap and returns the new one. ENOMEM if something is in the way; Linux wants a page above it free too, and
    /// the gap below a stack. An address below the heap's beginning asks Linux where the end is, and is ENOMEM on BSD. Linux leaves the end
    /// where it was, and tells it, if nothing is mapped where the heap would shrink.
    /// </summary>
    public SyscallResult Brk(ulong address)
    {
        Errno error = MoveBreak(address);
        return error == Errno.None ? new SyscallResult(Errno.None, Break) : error;
    }

    /// <summary>sbrk(3): moves the end of the heap by a distance and returns the old one. As in glibc a refused shrinking is no error.</summary>
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

    private Errno MoveBreak(ulong address)
    {
        if (address < BreakStart)
        {
            return Vmas is null ? Errno.ENOMEM : Errno.None;
        }

        if (address > Kernel.UserBounds.LengthBytes)
        {
            return Errno.ENOMEM;
        }

        ulong from = RoundUp(Break);
        ulong to = RoundUp(address);
        if (to < from)
        {
            if (Vmas is not null && !Vmas.HasAny(to, from))
            {
                return Errno.None;
            }

            Unmap(RangeOf(to, from));
        }
        else if (to > from)
        {
            AddressRange range = RangeOf(from, to);
            var mapping = new Mapping(Protection.ReadWrite, false, null, 0, MmapOptions.None);
            if (!Map.IsFree(range) || !HasRoomAbove(to) || !Kernel.MayPromise(range.PageCount) || !HasMappingLeft(range, mapping, isHeap: true))
            {
                return Errno.ENOMEM;
            }

            Add(range, mapping, isHeap: true);
        }

        _heap.End = address;
        return Errno.None;
    }

    // Source: Linux brk.
    private bool HasRoomAbove(ulong end)
    {
        if (Vmas is null || Vmas.IndexFrom(end) is var next && next == Vmas.Count)
        {
            return true;
        }

        ulong gap = PageSize.BaseBytes + (Vmas[next].Has(VmaFlags.GrowsDown) ? LinuxStackGapBytes : 0);
        return Vmas[next].Start - end >= gap;
    }
}
