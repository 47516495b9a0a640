namespace BsdVm.Posix;

public abstract partial class Process
{
    // Where a mapping goes: an address that was given, or one of the system's choice.
    private Errno Place(ulong? address, ulong length, bool keepsOthers, bool isPrivateAnonymous, out AddressRange range)
    {
        range = default;
        if (address is { } wanted)
        {
            return PlaceAt(wanted, length, keepsOthers, out range);
        }

        if (!TryChoosePlace(length, isPrivateAnonymous, out ulong start))
        {
            return Errno.ENOMEM;
        }

        range = new AddressRange(new(start), length);
        return Errno.None;
    }

    private Errno PlaceAt(ulong address, ulong length, bool keepsOthers, out AddressRange range)
    {
        range = default;
        Errno error = CheckFixedAddress(address);
        if (error != Errno.None)
        {
            return error;
        }

        if (address > UserLimit - length)
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

    /// <summary>What the system says to a fixed address whatever is mapped there.</summary>
    private protected abstract Errno CheckFixedAddress(ulong address);

    /// <summary>Free addresses of the system's choice.</summary>
    private protected abstract bool TryChoosePlace(ulong length, bool isPrivateAnonymous, out ulong start);
}
