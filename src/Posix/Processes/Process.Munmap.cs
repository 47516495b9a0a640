namespace BsdVm.Posix;

public abstract partial class Process
{
    /// <summary>munmap(2). Holes are no error. A length of 0 is one, but not in 4.4BSD-Lite2.</summary>
    public SyscallResult Munmap(ulong address, ulong lengthBytes)
    {
        if (!IsAligned(address) || address > UserLimit || lengthBytes > UserLimit - address)
        {
            return Errno.EINVAL;
        }

        if (lengthBytes == 0)
        {
            return UnmapOfNothing;
        }

        var range = new AddressRange(new(address), RoundUp(lengthBytes));
        if (!MayUnmap(range))
        {
            return Errno.ENOMEM;
        }

        Unmap(range);
        return SyscallResult.Ok;
    }

    /// <summary>What munmap of no bytes gives.</summary>
    private protected abstract Errno UnmapOfNothing { get; }
}
