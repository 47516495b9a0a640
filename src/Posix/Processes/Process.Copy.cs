namespace BsdVm.Posix;

public sealed partial class Process
{
    // off_t has a sign.
    private const ulong LargestOffset = long.MaxValue;

    /// <summary>
    /// read(2) at an offset of a file, through copyout. The value is the byte count, short at the end of the file.
    /// </summary>
    /// <returns>
    /// EFAULT where memory is not accessible, ENOMEM where a page gets no frame: with Linux only if nothing was copied ahead of it (else the
    /// shorter count), with BSD always. EINVAL for an offset of 2^63 and above.
    /// </returns>
    public SyscallResult Pread(KernelFile file, ulong offset, ulong address, ulong lengthBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (offset > LargestOffset)
        {
            return Errno.EINVAL;
        }

        Cpu cpu = Begin();
        Span<byte> buffer = stackalloc byte[(int)PageSize.BaseBytes];
        ulong done = 0;
        while (done < lengthBytes)
        {
            ulong at = unchecked(address + done);
            int piece = file.Vnode.Read(offset + done, buffer[..PieceLength(at, lengthBytes - done)]);
            if (piece == 0)
            {
                break;
            }

            if (cpu.Store(new(at), buffer[..piece]) < piece)
            {
                return CopyFailed(done);
            }

            done += (ulong)piece;
        }

        return new(Errno.None, done);
    }

    /// <summary>write(2) at an offset of a file, which grows as needed, through copyin. The value is the byte count.</summary>
    /// <returns>EFAULT, ENOMEM and EINVAL as with <see cref="Pread"/>; EFBIG if the file would reach 2^63 bytes.</returns>
    public SyscallResult Pwrite(KernelFile file, ulong offset, ulong address, ulong lengthBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (offset > LargestOffset || lengthBytes > LargestOffset - offset)
        {
            return offset > LargestOffset ? Errno.EINVAL : Errno.EFBIG;
        }

        Cpu cpu = Begin();
        Span<byte> buffer = stackalloc byte[(int)PageSize.BaseBytes];
        ulong done = 0;
        while (done < lengthBytes)
        {
            ulong at = unchecked(address + done);
            int piece = PieceLength(at, lengthBytes - done);
            if (cpu.Load(new(at), buffer[..piece]) < piece)
            {
                return CopyFailed(done);
            }

            file.Vnode.Write(offset + done, buffer[..piece]);
            done += (ulong)piece;
        }

        return new(Errno.None, done);
    }

    private static int PieceLength(ulong address, ulong rest) =>
        (int)Math.Min(rest, PageSize.BaseBytes - (address & PageSize.Base.OffsetMask));

    // The process lives on: the kernel's access failed, not its own.
    private SyscallResult CopyFailed(ulong done)
    {
        bool lacksFrame = Pending == Signal.SIGKILL;
        Pending = Signal.None;
        if (done > 0 && Kernel.IsLinux)
        {
            return new(Errno.None, done);
        }

        return lacksFrame ? Errno.ENOMEM : Errno.EFAULT;
    }
}
