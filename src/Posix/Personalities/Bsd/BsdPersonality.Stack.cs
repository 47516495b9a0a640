namespace BsdVm.Posix;

internal sealed partial class BsdPersonality
{
    /// <summary>
    /// A stack grows to the page touched, up to 8 MB in all, and leaves one page free above the mapping below it. Source: 4.4BSD <c>grow</c>
    /// (to the page); FreeBSD <c>vm_map_growstack</c> (the guard page).
    /// </summary>
    public override void TryGrowStack(ProcessMemory memory, ulong address)
    {
        if (memory.Map.FirstFrom(new(address)) is not { GrowsDown: true } stack)
        {
            return;
        }

        VirtualAddress start = new(RoundDown(address));
        bool isGuarded = stack.Previous is not { } below || start - below.End >= PageSize.BaseBytes;
        if (isGuarded && EndOf(stack) - start <= StackLimitBytes)
        {
            Require(memory.Map.GrowDown(stack, start));
        }
    }

    // A stack of which parts were changed is several entries.
    private static VirtualAddress EndOf(VmMapEntry stack)
    {
        VmMapEntry last = stack;
        while (last.Next is { } next && next.Start == last.End && !next.IsShared)
        {
            last = next;
        }

        return last.End;
    }
}
