namespace BsdVm.Posix;

public abstract partial class Process
{
    // RLIMIT_STACK.
    private protected const ulong StackLimitBytes = 8UL << 20;

    /// <summary>A fault below a stack makes it grow to the page touched, if its limit and what lies below allow it.</summary>
    internal bool TryGrowStack(VirtualAddress address)
    {
        ulong before = Map.SizeBytes;
        VirtualAddress page = address.RoundDown(PageSize.Base);
        bool grew = Kernel.Configuration.StackGrowth == StackGrowth.PageAlone ? TryMapStackPage(page) : TryGrowStackTo(page);
        Kernel.StackGrowthPages += (long)((Map.SizeBytes - before) / PageSize.BaseBytes);
        return grew;
    }

    /// <summary>Lets the stack above an address, page aligned and not mapped, grow down to it.</summary>
    private protected abstract bool TryGrowStackTo(VirtualAddress start);

    private bool TryMapStackPage(VirtualAddress page)
    {
        if (Map.FirstFrom(page) is not { GrowsDown: true } above || above.Start <= page || above.End - page > StackLimitBytes)
        {
            return false;
        }

        Add(AddressRange.OfPage(page.Page), new Mapping(above.Protection, false, null, 0, MmapOptions.GrowsDown));
        return true;
    }
}
