namespace BsdVm.Posix;

internal sealed partial class LinuxPersonality
{
    /// <summary>Source: <c>do_vmi_munmap</c>.</summary>
    public override Errno Munmap(ProcessMemory memory, ulong address, ulong length)
    {
        if (!IsAligned(address) || !IsInside(address, length) || length == 0)
        {
            return Errno.EINVAL;
        }

        Unmap(memory, address, address + RoundUp(length));
        return Errno.None;
    }

    /// <summary>
    /// An address below the heap's start asks where the break is. ENOMEM if a page above the new break is not free too. Source: <c>brk</c>.
    /// </summary>
    public override SyscallResult Brk(ProcessMemory memory, ulong address)
    {
        if (address < memory.BreakStart)
        {
            return SyscallResult.Of(memory.Break);
        }

        ulong end = RoundUp(address);
        ulong oldEnd = RoundUp(memory.Break);
        if (address <= memory.Break)
        {
            Unmap(memory, end, oldEnd);
        }
        else if (end != oldEnd)
        {
            if (!IsInside(oldEnd, unchecked(end - oldEnd)) || !HasRoomForBreak(memory, oldEnd, end))
            {
                return new(Errno.ENOMEM, memory.Break);
            }

            MapNew(memory, oldEnd, end, new MmapRequest(oldEnd, end - oldEnd, Protection.ReadWrite, false, null, 0, MmapOptions.None));
        }

        memory.Break = address;
        return SyscallResult.Of(address);
    }

    private static bool HasRoomForBreak(ProcessMemory memory, ulong oldEnd, ulong end)
    {
        int next = memory.Mappings.IndexFrom(oldEnd);
        if (next == memory.Mappings.Count)
        {
            return true;
        }

        Vma above = memory.Mappings[next];
        ulong gap = above.Has(VmaFlags.GrowsDown) ? StackGuardGapBytes : 0;
        return end + PageSize.BaseBytes + gap <= above.Start;
    }
}
