namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    // A fixed address from here up is taken for an errno, negated, on its way through the kernel. Source: Linux IS_ERR_VALUE, MAX_ERRNO.
    private const ulong LowestErrnoAddress = unchecked((ulong)-4095L);

    // Between the highest address and the area that mmap fills from the top: room for the stack. Source: Linux mmap_base, MIN_GAP.
    private const ulong StackRoomBytes = 128UL << 20;

    private static readonly PageSize HugePage = new(21);

    private protected override Errno CheckFixedAddress(ulong address) =>
        address >= LowestErrnoAddress ? (Errno)unchecked((int)(0 - address)) : Errno.None;

    private protected override bool TryChoosePlace(ulong length, bool isPrivateAnonymous, out ulong start) =>
        (isPrivateAnonymous && HugePage.Divides(length) && TryPlaceTopDown(length, HugePage, out start))
        || TryPlaceTopDown(length, PageSize.Base, out start) || TryPlaceBottomUp(length, out start);

    // The highest gap with room for the length at any alignment; its gap below a stack counts only where the place would reach into it.
    // Source: Linux unmapped_area_topdown.
    private bool TryPlaceTopDown(ulong length, PageSize alignment, out ulong start)
    {
        ulong top = UserLimit - Math.Min(StackRoomBytes, UserLimit / 2);
        ulong room = length + alignment.Bytes - PageSize.BaseBytes;
        for (int above = Vmas.Count; above >= 0; above--)
        {
            ulong low = above == 0 ? PageSize.BaseBytes : Vmas[above - 1].End;
            ulong high = above == Vmas.Count ? top : Math.Min(top, Vmas[above].Start);
            if (!TryTopOf(low, high, length, room, alignment, out start))
            {
                continue;
            }

            if (above == Vmas.Count || !Vmas[above].Has(VmaFlags.GrowsDown))
            {
                return true;
            }

            ulong guarded = Vmas[above].Start - Math.Min(Vmas[above].Start, StackGapBytes);
            if (start + length <= guarded || TryTopOf(low, Math.Min(top, guarded), length, room, alignment, out start))
            {
                return true;
            }
        }

        start = 0;
        return false;
    }

    private static bool TryTopOf(ulong low, ulong high, ulong length, ulong room, PageSize alignment, out ulong start)
    {
        bool fits = high > low && high - low >= room;
        start = fits ? alignment.RoundDown(high - length) : 0;
        return fits;
    }

    // Where nothing is left below the top: from a third of the space up. Source: Linux TASK_UNMAPPED_BASE.
    private bool TryPlaceBottomUp(ulong length, out ulong start)
    {
        bool found = Map.TryFindSpace(new(PageSize.Base.RoundDown(UserLimit / 3)), length, out VirtualAddress at);
        start = at.Value;
        return found;
    }
}
