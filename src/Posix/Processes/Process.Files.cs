namespace BsdVm.Posix;

public abstract partial class Process
{
    // Bytes pass through a buffer of the kernel, as copyin and copyout move them; it need not hold them all at once.
    private const int TransferBytes = 1 << 16;

    // Source: Linux MAX_RW_COUNT: a longer transfer is cut to it.
    private const ulong LongestTransferBytes = 0x7FFF_F000;

    /// <summary>
    /// pread(2), through copyout: the byte count, short at the file's end. Where the memory ends part-way Linux gives the count so far, BSD
    /// EFAULT; ENOMEM where a page gets no frame.
    /// </summary>
    public SyscallResult Pread(KernelFile file, ulong offset, ulong address, ulong lengthBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        Errno error = CheckTransfer(address, lengthBytes, Kernel.System.CheckRead(offset, lengthBytes));
        if (error != Errno.None)
        {
            return error;
        }

        lengthBytes = Math.Min(lengthBytes, LongestTransferBytes);

        Cpu cpu = Begin();
        Span<byte> buffer = new byte[(int)Math.Min(lengthBytes, TransferBytes)];
        ulong done = 0;
        while (done < lengthBytes)
        {
            int length = file.Vnode.Read(offset + done, buffer[..PieceLength(lengthBytes - done, buffer)]);
            if (length == 0)
            {
                break;
            }

            int stored = cpu.Store(new(address + done), buffer[..length]);
            done += (ulong)stored;
            if (stored < length)
            {
                return ReadCutShort(done, CopyError());
            }
        }

        return new(Errno.None, done);
    }

    /// <summary>
    /// pwrite(2), through copyin, page by page of the file: a mapping of the same file shows what was written before. The byte count; where
    /// the memory ends part-way Linux gives the count so far, BSD EFAULT, and what has been copied by then is in the file. On Linux a file
    /// that ends below <paramref name="offset"/> grows to it even if nothing can be copied.
    /// </summary>
    public SyscallResult Pwrite(KernelFile file, ulong offset, ulong address, ulong lengthBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        Errno error = CheckTransfer(address, lengthBytes, Kernel.System.CheckWrite(offset, lengthBytes));
        if (error != Errno.None)
        {
            return error;
        }

        lengthBytes = Math.Min(lengthBytes, LongestTransferBytes);

        Cpu cpu = Begin();
        Span<byte> buffer = new byte[(int)Math.Min(lengthBytes, PageSize.BaseBytes)];
        ulong done = 0;
        while (done < lengthBytes)
        {
            Span<byte> piece = buffer[..(int)Math.Min(lengthBytes - done, PageSize.BaseBytes - PageSize.Base.OffsetIn(offset + done))];
            int loaded = cpu.Load(new(address + done), piece);
            file.Vnode.Write(offset + done, piece[..loaded]);
            done += (ulong)loaded;
            if (loaded < piece.Length)
            {
                return WriteCutShort(file.Vnode, offset, done, CopyError());
            }
        }

        return new(Errno.None, done);
    }

    /// <summary>Whether a transfer of so many bytes may be asked for.</summary>
    private protected abstract bool MayTransfer(ulong lengthBytes);

    /// <summary>What pread(2) gives where memory ends after <paramref name="done"/> bytes.</summary>
    private protected abstract SyscallResult ReadCutShort(ulong done, Errno error);

    /// <summary>What pwrite(2) gives, and does to the file, where memory ends after <paramref name="done"/> bytes.</summary>
    private protected abstract SyscallResult WriteCutShort(Vnode file, ulong offset, ulong done, Errno error);

    // Source: Linux access_ok.
    private Errno CheckTransfer(ulong address, ulong lengthBytes, Errno fileError) =>
        !MayTransfer(lengthBytes) ? Errno.EINVAL
        : address <= UserLimit && lengthBytes <= UserLimit - address ? fileError : Errno.EFAULT;

    // The kernel's own access failed, not the process's: no signal, and without a frame ENOMEM.
    private Errno CopyError()
    {
        bool lacksFrame = Pending.Signal == Signal.SIGKILL;
        Pending = default;
        return lacksFrame ? Errno.ENOMEM : Errno.EFAULT;
    }

    private static int PieceLength(ulong rest, Span<byte> buffer) => (int)Math.Min(rest, (ulong)buffer.Length);
}
