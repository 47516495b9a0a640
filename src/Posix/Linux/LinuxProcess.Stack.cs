namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    // What stays free between a stack and the mapping below it. Source: Linux stack_guard_gap, 256 pages.
    private const ulong StackGapBytes = 256 * PageSize.BaseBytes;

    // Source: Linux mmap_min_addr, which binds growth even where root may map below it.
    private const ulong LowestStackAddress = 0x10000;

    // Mappings below that are stacks themselves, or have no rights, need no gap. An attempt that fails for its limit has made the anon_vma
    // already. Source: expand_stack, expand_downwards, acct_stack_growth.
    private protected override bool TryGrowStackTo(VirtualAddress start)
    {
        int index = Vmas.IndexFrom(start.Value);
        if (start.Value < LowestStackAddress || index == Vmas.Count
            || !Vmas[index].Has(VmaFlags.GrowsDown) || !KeepsGap(index, start.Value))
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

        Vma below = Vmas[index - 1];
        return below.Has(VmaFlags.GrowsDown) || below.Protection == Protection.None || start - below.End >= StackGapBytes;
    }
}
