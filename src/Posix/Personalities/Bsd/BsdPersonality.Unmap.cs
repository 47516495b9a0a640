namespace BsdVm.Posix;

internal sealed partial class BsdPersonality
{
    /// <summary>Length 0 is EINVAL, with Lite2 a success. Source: 4.4BSD <c>munmap</c>; POSIX.</summary>
    public override Errno Munmap(ProcessMemory memory, ulong address, ulong length)
    {
        if (!IsAligned(address) || IsNegative(length) || !IsInside(address, RoundUp(length)) || (length == 0 && !IsLite2))
        {
            return Errno.EINVAL;
        }

        if (length != 0)
        {
            memory.Map.Remove(new AddressRange(new(address), RoundUp(length)));
        }

        return Errno.None;
    }

    /// <summary>
    /// ENOMEM if anything is mapped in the way. Below the heap's start: EINVAL; Lite2 did not look and unmapped what it found there. Source:
    /// 4.4BSD <c>obreak</c> (whose heap is executable); FreeBSD <c>kern_break</c>.
    /// </summary>
    public override SyscallResult Brk(ProcessMemory memory, ulong address)
    {
        if ((address < memory.BreakStart && !IsLite2) || !IsInside(RoundUp(address), 0) || RoundUp(address) < address)
        {
            return new(address < memory.BreakStart ? Errno.EINVAL : Errno.ENOMEM, memory.Break);
        }

        ulong end = RoundUp(address);
        ulong oldEnd = RoundUp(memory.Break);
        if (end < oldEnd)
        {
            memory.Map.Remove(Range(end, oldEnd));
        }
        else if (end > oldEnd)
        {
            if (!memory.Map.IsFree(Range(oldEnd, end)))
            {
                return new(Errno.ENOMEM, memory.Break);
            }

            Map(memory, Range(oldEnd, end), new MmapRequest(oldEnd, end - oldEnd, IsLite2 ? Protection.All : Protection.ReadWrite, false, null, 0, MmapOptions.None));
        }

        memory.Break = address;
        return SyscallResult.Of(address);
    }
}
