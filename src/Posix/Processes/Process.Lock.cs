namespace BsdVm.Posix;

public abstract partial class Process
{
    /// <summary>
    /// mlock(2): the range, rounded outwards, stays in memory. Linux locks what lies ahead of a hole and then fails without bringing pages
    /// in; a page that cannot be brought in fails it too, but leaves all locked. BSD does all or nothing.
    /// </summary>
    public SyscallResult Mlock(ulong address, ulong lengthBytes)
    {
        (ulong start, ulong end, Errno error) = LockRange(address, lengthBytes);
        return error != Errno.None || start == end ? error : Lock(start, end);
    }

    /// <summary>munlock(2). It does not nest.</summary>
    public SyscallResult Munlock(ulong address, ulong lengthBytes)
    {
        (ulong start, ulong end, Errno error) = LockRange(address, lengthBytes);
        return error != Errno.None || start == end ? error : Unlock(start, end);
    }

    /// <summary>Locks from one page boundary up to another, which is not the same.</summary>
    private protected abstract SyscallResult Lock(ulong start, ulong end);

    /// <summary>Unlocks from one page boundary up to another, which is not the same.</summary>
    private protected abstract SyscallResult Unlock(ulong start, ulong end);

    private static (ulong Start, ulong End, Errno Error) LockRange(ulong address, ulong lengthBytes)
    {
        ulong start = RoundDown(address);
        ulong length = RoundUp(unchecked(lengthBytes + (address - start)));
        ulong end = unchecked(start + length);
        return end < start ? (0, 0, Errno.EINVAL) : (start, end, Errno.None);
    }
}
