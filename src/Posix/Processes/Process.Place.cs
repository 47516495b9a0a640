namespace BsdVm.Posix;

public sealed partial class Process
{
    // A fixed address from here up is taken for an errno, negated, on its way through the kernel. Source: Linux IS_ERR_VALUE, MAX_ERRNO.
    private const ulong LowestErrnoAddress = unchecked((ulong)-4095L);

    // Between the highest address and the area that mmap fills from the top: room for the stack. Source: Linux mmap_base, MIN_GAP.
    private const ulong LinuxStackRoomBytes = 128UL << 20;

    private static readonly PageSize HugePage = new(21);

    // Where a mapping goes: an address that was given, or one of the system's choice.
    private Errno Place(ulong? address, ulong length, bool keepsOthers, bool isPrivateAnonymous, out AddressRange range)
    {
        range = default;
        if (address is { } wanted)
        {
            return PlaceAt(wanted, length, keepsOthers, out range);
        }

        bool found = Vmas is null
            ? TryPlaceBsd(length, out ulong start)
            : (isPrivateAnonymous && HugePage.Divides(length) && TryPlaceTopDown(length, HugePage, out start))
                || TryPlaceTopDown(length, PageSize.Base, out start) || TryPlaceBottomUp(length, out start);
        if (!found)
        {
            return Errno.ENOMEM;
        }

        range = new AddressRange(new(start), length);
        return Errno.None;
    }

    private Errno PlaceAt(ulong address, ulong length, bool keepsOthers, out AddressRange range)
    {
        range = default;
        if (Vmas is not null && address >= LowestErrnoAddress)
        {
            return (Errno)unchecked((int)(0 - address));
        }

        if (address > Kernel.UserBounds.LengthBytes - length)
        {
            return Errno.ENOMEM;
        }

        if (!IsAligned(address))
        {
            return Errno.EINVAL;
        }

        range = new AddressRange(new(address), length);
        return keepsOthers && !Map.IsFree(range) ? Errno.EEXIST : Errno.None;
    }

    // First fit from the middle of the space: above programs and heaps, below stacks.
    private bool TryPlaceBsd(ulong length, out ulong start)
    {
        ulong limit = Kernel.UserBounds.LengthBytes;
        var from = new VirtualAddress(limit > 1UL << 32 ? 0x7F00_0000_0000 : limit / 2);
        bool found = Map.TryFindSpace(from, length, out VirtualAddress at) || Map.TryFindSpace(new(PageSize.BaseBytes), length, out at);
        start = at.Value;
        return found;
    }

    // The highest gap with room for the length at any alignment; its gap below a stack counts only where the place would reach into it.
    // Source: Linux unmapped_area_topdown.
    private bool TryPlaceTopDown(ulong length, PageSize alignment, out ulong start)
    {
        ulong limit = Kernel.UserBounds.LengthBytes;
        ulong top = limit - Math.Min(LinuxStackRoomBytes, limit / 2);
        ulong room = length + alignment.Bytes - PageSize.BaseBytes;
        for (int above = Vmas!.Count; above >= 0; above--)
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

            ulong guarded = Vmas[above].Start - Math.Min(Vmas[above].Start, LinuxStackGapBytes);
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
        bool found = Map.TryFindSpace(new(PageSize.Base.RoundDown(Kernel.UserBounds.LengthBytes / 3)), length, out VirtualAddress at);
        start = at.Value;
        return found;
    }
}
