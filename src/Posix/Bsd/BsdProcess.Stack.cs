namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    // Source: 4.4BSD grow (to the page); FreeBSD vm_map_growstack (security.bsd.stack_guard_page, one page).
    private protected override bool TryGrowStackTo(VirtualAddress start)
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
        while (top.Next is { } next && next.Start == top.End && next.Protection == stack.Protection
            && next.Object is null == stack.Object is null)
        {
            top = next;
        }

        return top.End;
    }
}
