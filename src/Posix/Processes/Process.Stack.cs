namespace BsdVm.Posix;

public sealed partial class Process
{
    // RLIMIT_STACK.
    private const ulong StackLimitBytes = 8UL << 20;

    // What stays free between a stack and the mapping below it. Source: Linux stack_guard_gap, 256 pages.
    private const ulong LinuxStackGapBytes = 256 * PageSize.BaseBytes;

    // Source: Linux mmap_min_addr, which binds growth even where root may map below it.
    private const ulong LowestStackAddress = 0x10000;

    /// <summary>A fault below a stack makes it grow to the page touched, if its limit and what lies below allow it.</summary>
    internal bool TryGrowStack(VirtualAddress address)
    {
        var start = new VirtualAddress(RoundDown(address.Value));
        return Vmas is not null ? TryGrowLinuxStack(start) : TryGrowBsdStack(start);
    }

    // Mappings below that are stacks themselves, or have no rights, need no gap. An attempt that fails for its limit has made the anon_vma
    // already. Source: expand_stack, expand_downwards, acct_stack_growth.
    private bool TryGrowLinuxStack(VirtualAddress start)
    {
        int index = Vmas!.IndexFrom(start.Value);
        if (start.Value < LowestStackAddress || index == Vmas.Count || !Vmas[index].Has(VmaFlags.GrowsDown) || !KeepsGap(index, start.Value))
        {
            return false;
        }

        Vmas.NoteWrite(Vmas[index].Start);
        if (Vmas[index].End - start.Value > StackLimitBytes)
        {
            return false;
        }

        VmMapEntry lowest = Map.FirstFrom(start)!;
        Vmas.GrowDown(index, start.Value);
        Require(Map.GrowDown(lowest, start));
        return true;
    }

    private bool KeepsGap(int index, ulong start)
    {
        if (index == 0)
        {
            return true;
        }

        Vma below = Vmas![index - 1];
        return below.Has(VmaFlags.GrowsDown) || below.Protection == Protection.None || start - below.End >= LinuxStackGapBytes;
    }

    // Source: 4.4BSD grow (to the page); FreeBSD vm_map_growstack (security.bsd.stack_guard_page, one page).
    private bool TryGrowBsdStack(VirtualAddress start)
    {
        if (Map.FirstFrom(start) is not { GrowsDown: true } stack)
        {
            return false;
        }

        bool isGuarded = stack.Previous is not { } below || start - below.End >= PageSize.BaseBytes;
        return isGuarded && StackTop(stack) - start <= StackLimitBytes && Map.GrowDown(stack, start) == VmStatus.Success;
    }

    // A stack whose layer could not grow continues in entries above.
    private static VirtualAddress StackTop(VmMapEntry stack)
    {
        VmMapEntry top = stack;
        while (top.Next is { } next && next.Start == top.End && next.Protection == stack.Protection && next.Object is null == stack.Object is null)
        {
            top = next;
        }

        return top.End;
    }
}
