namespace BsdVm.Posix;

internal sealed partial class LinuxPersonality
{
    /// <summary>
    /// A stack grows to the page touched, up to 8 MB in all, and not closer than the guard gap to a mapping below that has rights and is no
    /// stack. Source: <c>expand_stack</c>, <c>expand_downwards</c>, <c>acct_stack_growth</c>.
    /// </summary>
    public override void TryGrowStack(ProcessMemory memory, ulong address)
    {
        int index = memory.Mappings.IndexFrom(address);
        if (index == memory.Mappings.Count || !memory.Mappings[index].Has(VmaFlags.GrowsDown))
        {
            return;
        }

        Vma stack = memory.Mappings[index];
        ulong start = RoundDown(address);
        if (stack.End - start <= StackLimitBytes && KeepsGap(memory, index, start))
        {
            VmMapEntry lowest = memory.Map.FirstFrom(new(stack.Start))!;
            memory.Mappings.GrowDown(index, start);
            Require(memory.Map.GrowDown(lowest, new(start)));
        }
    }

    private static bool KeepsGap(ProcessMemory memory, int index, ulong start)
    {
        if (index == 0)
        {
            return true;
        }

        Vma below = memory.Mappings[index - 1];
        return below.Has(VmaFlags.GrowsDown) || below.Protection == Protection.None || start - below.End >= StackGuardGapBytes;
    }
}
