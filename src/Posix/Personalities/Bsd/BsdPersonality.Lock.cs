namespace BsdVm.Posix;

internal sealed partial class BsdPersonality
{
    /// <summary>
    /// All or nothing: ENOMEM for a hole or without frames. The address is rounded down; Lite2 refuses one that is not aligned. Source:
    /// 4.4BSD <c>mlock</c>, <c>vm_map_pageable</c>; FreeBSD <c>kern_mlock</c>.
    /// </summary>
    public override Errno Mlock(ProcessMemory memory, ulong address, ulong length)
    {
        Errno error = LockedRange(memory, address, length, out AddressRange range);
        if (error != Errno.None || range.IsEmpty)
        {
            return error;
        }

        return memory.Map.Wire(range) == VmStatus.Success ? Errno.None : Errno.ENOMEM;
    }

    /// <summary>ENOMEM for a hole. What is not locked stays so; locks do not nest. Source: FreeBSD <c>kern_munlock</c>.</summary>
    public override Errno Munlock(ProcessMemory memory, ulong address, ulong length)
    {
        Errno error = LockedRange(memory, address, length, out AddressRange range);
        if (error == Errno.None && !range.IsEmpty)
        {
            memory.Map.Unwire(range);
        }

        return error;
    }

    private Errno LockedRange(ProcessMemory memory, ulong address, ulong length, out AddressRange range)
    {
        range = default;
        ulong start = RoundDown(address);
        ulong end = RoundUp(unchecked(address + length));
        if (unchecked(address + length) < address || (end == 0 && length != 0) || (IsLite2 && !IsAligned(address)))
        {
            return Errno.EINVAL;
        }

        if (end > UserLimit)
        {
            return Errno.ENOMEM;
        }

        range = Range(start, end);
        return memory.Map.IsMapped(range) ? Errno.None : Errno.ENOMEM;
    }
}
