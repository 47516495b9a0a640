namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>munmap(2). Holes are no error. A length of 0 is one, but not in 4.4BSD-Lite2.</summary>
    public SyscallResult Munmap(ulong address, ulong lengthBytes)
    {
        ulong limit = Kernel.UserBounds.LengthBytes;
        if (!IsAligned(address) || address > limit || lengthBytes > limit - address)
        {
            return Errno.EINVAL;
        }

        if (lengthBytes == 0)
        {
            return Kernel.IsLite2 ? SyscallResult.Ok : Errno.EINVAL;
        }

        var range = new AddressRange(new(address), RoundUp(lengthBytes));
        if (Vmas is not null && !Vmas.CanRemove(range.Start.Value, range.End.Value))
        {
            return Errno.ENOMEM;
        }

        Unmap(range);
        return SyscallResult.Ok;
    }
}
