namespace BsdVm.Posix;

public abstract partial class Process
{
    // RLIMIT_STACK.
    private protected const ulong StackLimitBytes = 8UL << 20;

    /// <summary>A fault below a stack makes it grow to the page touched, if its limit and what lies below allow it.</summary>
    internal bool TryGrowStack(VirtualAddress address) => TryGrowStackTo(address.RoundDown(PageSize.Base));

    /// <summary>Lets the stack above an address, page aligned and not mapped, grow down to it.</summary>
    private protected abstract bool TryGrowStackTo(VirtualAddress start);
}
