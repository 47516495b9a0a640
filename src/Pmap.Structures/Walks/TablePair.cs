using System.Runtime.CompilerServices;

namespace BsdVm.Walks;

/// <summary>Pages of a table in virtual space, by pairs of an even and an odd one, as a TLB of the R4000 holds them.</summary>
internal static class TablePair
{
    /// <summary>The number of the pair that holds a table address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong address) => new VirtualAddress(address).Page.Value >> 1;

    /// <summary>Where a table address is, given the frames of its pair. False if the page of it is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPick(ulong address, PhysicalAddress even, PhysicalAddress odd, out PhysicalAddress physical)
    {
        var at = new VirtualAddress(address);
        PhysicalAddress page = (at.Page.Value & 1) == 0 ? even : odd;
        physical = page + at.OffsetInPage;
        return page.Value != 0;
    }
}
