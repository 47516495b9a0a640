namespace BsdVm.Posix;

internal sealed partial class BsdPersonality
{
    /// <summary>
    /// Skips holes; EACCES, with nothing changed, where a mapping's maximum does not allow the rights. The length is rounded up, which Lite2
    /// forgot. Source: 4.4BSD <c>mprotect</c>, <c>vm_map_protect</c>.
    /// </summary>
    public override Errno Mprotect(ProcessMemory memory, ulong address, ulong length, Protection protection)
    {
        if (!IsAligned(address) || IsNegative(length))
        {
            return Errno.EINVAL;
        }

        return TryClampRange(address, length, out AddressRange range) && memory.Map.Protect(range, protection) != VmStatus.Success
            ? Errno.EACCES
            : Errno.None;
    }

    /// <summary>Skips holes; the last one said wins. Zero is FreeBSD's and NetBSD's: EINVAL with Lite2. Source: 4.4BSD <c>minherit</c>.</summary>
    public override Errno Minherit(ProcessMemory memory, ulong address, ulong length, VmInheritance inheritance)
    {
        if (!IsAligned(address) || IsNegative(length) || (inheritance == VmInheritance.Zero && IsLite2))
        {
            return Errno.EINVAL;
        }

        if (TryClampRange(address, length, out AddressRange range))
        {
            memory.Map.Inherit(range, inheritance);
        }

        return Errno.None;
    }

    /// <summary>
    /// Advice, no more: no byte is lost. The address is rounded down; EINVAL for what wraps or lies outside. Source: FreeBSD
    /// <c>kern_madvise</c>.
    /// </summary>
    public override Errno Madvise(ProcessMemory memory, ulong address, ulong length, MadviseKind advice)
    {
        ulong start = RoundDown(address);
        ulong end = RoundUp(unchecked(address + length));
        if (end < start || end > UserLimit)
        {
            return Errno.EINVAL;
        }

        VmAdvice? kept = advice switch
        {
            MadviseKind.Normal => VmAdvice.Normal,
            MadviseKind.Random => VmAdvice.Random,
            MadviseKind.Sequential => VmAdvice.Sequential,
            _ => null,
        };
        if (kept is { } hint && end > start)
        {
            memory.Map.Advise(Range(start, end), hint);
        }

        return Errno.None;
    }
}
