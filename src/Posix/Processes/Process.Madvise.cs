namespace BsdVm.Posix;

/// <summary>What madvise says.</summary>
public enum MadviseKind
{
    /// <summary>MADV_NORMAL.</summary>
    Normal,

    /// <summary>MADV_RANDOM.</summary>
    Random,

    /// <summary>MADV_SEQUENTIAL.</summary>
    Sequential,

    /// <summary>MADV_WILLNEED.</summary>
    WillNeed,

    /// <summary>MADV_DONTNEED: an order on Linux, a hint on BSD.</summary>
    DontNeed,

    /// <summary>MADV_FREE: the pages may be dropped until they are written again. The model drops none before memory is short.</summary>
    Free,
}

public abstract partial class Process
{
    /// <summary>madvise(2). Linux treats all mapped parts and tells of holes at the end; a mapping that refuses ends it there.</summary>
    public SyscallResult Madvise(ulong address, ulong lengthBytes, MadviseKind kind)
    {
        Errno error = AdviceRange(address, lengthBytes, out ulong end);
        return error != Errno.None || end == address ? error : Advise(address, end, kind);
    }

    // Source: Linux do_madvise.
    private static Errno AdviceRange(ulong address, ulong lengthBytes, out ulong end)
    {
        ulong length = RoundUp(lengthBytes);
        end = unchecked(address + length);
        return !IsAligned(address) || (lengthBytes != 0 && length == 0) || end < address ? Errno.EINVAL : Errno.None;
    }

    /// <summary>Takes advice from one page boundary up to another, which is not the same.</summary>
    private protected abstract SyscallResult Advise(ulong start, ulong end, MadviseKind kind);
}
