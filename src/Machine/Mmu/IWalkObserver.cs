namespace BsdVm;

/// <summary>Who wants to know of walks: comparisons of table structures, working-set tools.</summary>
public interface IWalkObserver
{
    /// <summary>An access walked and was translated.</summary>
    /// <param name="address">The address of the access.</param>
    /// <param name="access">What it does.</param>
    /// <param name="isMiss">
    /// No TLB had a translation; otherwise one was there without the right or the modified bit that the access needs.
    /// </param>
    void Walked(VirtualAddress address, AccessKind access, bool isMiss);

    /// <summary>A walk ended in a fault, which the kernel has not seen yet.</summary>
    void Faulted(in MachineFault fault)
    {
    }
}
