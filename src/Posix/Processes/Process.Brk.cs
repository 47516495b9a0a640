namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>Where the heap begins.</summary>
    public ulong BreakStart { get; }

    /// <summary>The end of the heap, not rounded.</summary>
    public ulong Break { get; private set; }

    /// <summary>
    /// brk(2): moves the end of the heap and returns the new one. ENOMEM if something is in the way; Linux wants a page above it free too, and
    /// the gap below a stack. An address below the heap's beginning asks Linux where the end is, and is ENOMEM on BSD.
    /// </summary>
    public SyscallResult Brk(ulong address)
    {
        if (Kernel.IsLinux && address < BreakStart)
        {
            return new(Errno.None, Break);
        }

        Errno error = MoveBreak(address);
        return error == Errno.None ? new SyscallResult(Errno.None, address) : error;
    }

    /// <summary>sbrk(3): moves the end of the heap by a distance and returns the old one.</summary>
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
        ulong limit = Kernel.UserBounds.LengthBytes;
        if (address < BreakStart || address > limit)
        {
            return Errno.ENOMEM;
        }

        ulong from = RoundUp(Break);
        ulong to = RoundUp(address);
        if (to < from)
        {
            Unmap(RangeOf(to, from));
        }
        else if (to > from)
        {
            AddressRange range = RangeOf(from, to);
            if (!Map.IsFree(range) || !HasRoomAbove(to))
            {
                return Errno.ENOMEM;
            }

            Replace(range, new Mapping(Protection.ReadWrite, false, null, 0, MmapOptions.None));
        }

        Break = address;
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
