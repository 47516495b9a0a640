namespace BsdVm.Posix;

public sealed partial class Process
{
    /// <summary>
    /// Reads from a file into memory. The value is the byte count, short at the end of the file. Source: copyout(9).
    /// </summary>
    /// <returns>
    /// EFAULT where memory is not accessible, ENOMEM where a page gets no frame: Linux only if nothing was copied ahead of it (else the
    /// shorter count), BSD always.
    /// </returns>
    public SyscallResult Pread(KernelFile file, ulong offset, ulong address, ulong lengthBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (offset > KernelFile.LargestBytes)
        {
            return SyscallResult.Fail(Errno.EINVAL);
        }

        Begin();
        Cpu cpu = Dispatch();
        Span<byte> buffer = stackalloc byte[(int)PageSize.BaseBytes];
        ulong done = 0;
        while (done < lengthBytes)
        {
            int piece = file.Vnode.Read(offset + done, buffer[..PieceLength(unchecked(address + done), lengthBytes - done)]);
            if (piece == 0)
            {
                break;
            }

            if (cpu.Store(new(unchecked(address + done)), buffer[..piece]) < piece)
            {
                return End(CopyFailed(done));
            }

            done += (ulong)piece;
        }

        return End(SyscallResult.Of(done));
    }

    /// <summary>Writes memory to a file, which grows as needed. The value is the byte count. Source: copyin(9).</summary>
    /// <returns>EFAULT and ENOMEM as with <see cref="Pread"/>; EFBIG past the largest size of a file.</returns>
    public SyscallResult Pwrite(KernelFile file, ulong offset, ulong address, ulong lengthBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (offset > KernelFile.LargestBytes)
        {
            return SyscallResult.Fail(Errno.EINVAL);
        }

        if (lengthBytes > KernelFile.LargestBytes - offset)
        {
            return SyscallResult.Fail(Errno.EFBIG);
        }

        Begin();
        Cpu cpu = Dispatch();
        Span<byte> buffer = stackalloc byte[(int)PageSize.BaseBytes];
        ulong done = 0;
        while (done < lengthBytes)
        {
            int piece = PieceLength(unchecked(address + done), lengthBytes - done);
            if (cpu.Load(new(unchecked(address + done)), buffer[..piece]) < piece)
            {
                return End(CopyFailed(done));
            }

            file.Vnode.Write(offset + done, buffer[..piece]);
            done += (ulong)piece;
        }

        return End(SyscallResult.Of(done));
    }

    private SyscallResult CopyFailed(ulong done) =>
        done > 0 && Personality.CountsPartialCopies
            ? SyscallResult.Of(done)
            : SyscallResult.Fail(_failure == VmStatus.ResourceShortage ? Errno.ENOMEM : Errno.EFAULT);
}
