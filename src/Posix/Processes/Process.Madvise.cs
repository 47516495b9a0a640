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

public sealed partial class Process
{
    /// <summary>madvise(2). Linux treats all mapped parts and tells of holes at the end; a mapping that refuses ends it there.</summary>
    public SyscallResult Madvise(ulong address, ulong lengthBytes, MadviseKind kind)
    {
        Errno error = AdviceRange(address, lengthBytes, out ulong end);
        if (error != Errno.None || end == address)
        {
            return error;
        }

        if (Vmas is null)
        {
            Advise(Clamp(address, end), kind);
            return SyscallResult.Ok;
        }

        return ForEachMapping(address, end, stopsAtHole: false, (in Vma vma, AddressRange part) => LinuxAdvise(in vma, part, kind));
    }

    // Source: Linux do_madvise.
    private static Errno AdviceRange(ulong address, ulong lengthBytes, out ulong end)
    {
        ulong length = RoundUp(lengthBytes);
        end = unchecked(address + length);
        return !IsAligned(address) || (lengthBytes != 0 && length == 0) || end < address ? Errno.EINVAL : Errno.None;
    }

    private void Advise(AddressRange range, MadviseKind kind)
    {
        if (kind <= MadviseKind.Sequential)
        {
            Map.Advise(range, (VmAdvice)kind);
        }
    }

    private Errno LinuxAdvise(in Vma vma, AddressRange part, MadviseKind kind)
    {
        switch (kind)
        {
            case MadviseKind.Free when vma.IsShared || !vma.IsPrivateAnonymous:
            case MadviseKind.Free or MadviseKind.DontNeed when vma.Has(VmaFlags.Locked):
                return Errno.EINVAL;
            case MadviseKind.DontNeed or MadviseKind.Free:
                Map.Drop(part);
                return Errno.None;
            case MadviseKind.WillNeed:
                return Errno.None;
            default:
                VmaFlags flags = vma.Flags & ~(VmaFlags.Random | VmaFlags.Sequential);
                flags |= kind == MadviseKind.Random ? VmaFlags.Random : kind == MadviseKind.Sequential ? VmaFlags.Sequential : 0;
                if (!TryChange(part, vma.Protection, flags))
                {
                    return Errno.EAGAIN;
                }

                Map.Advise(part, (VmAdvice)kind);
                return Errno.None;
        }
    }
}
