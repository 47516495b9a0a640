namespace BsdVm.Posix;

public sealed partial class Kernel
{
    /// <summary>Makes a file whose bytes are all written.</summary>
    /// <param name="name">Its name; names are for people, two files may have the same.</param>
    /// <param name="sizeBytes">At most <see cref="KernelFile.LargestBytes"/>.</param>
    /// <param name="fill">What each byte is.</param>
    public KernelFile CreateFile(string name, ulong sizeBytes, byte fill)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, KernelFile.LargestBytes);
        return new KernelFile(Vm.CreateVnode(name, sizeBytes, fill));
    }

    /// <summary>As write(2) by somebody else. The value is the byte count. EFBIG past the largest size.</summary>
    public SyscallResult FileWrite(KernelFile file, ulong offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (offset > KernelFile.LargestBytes - (ulong)bytes.Length)
        {
            return SyscallResult.Fail(Errno.EFBIG);
        }

        BeginStep();
        file.Vnode.Write(offset, bytes);
        EndStep();
        return SyscallResult.Of((ulong)bytes.Length);
    }

    /// <summary>As read(2) by somebody else. The value is the byte count: short at the end of the file, 0 behind it.</summary>
    public SyscallResult FileRead(KernelFile file, ulong offset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(file);
        BeginStep();
        return SyscallResult.Of((ulong)file.Vnode.Read(offset, destination));
    }

    /// <summary>As truncate(2) by somebody else. EINVAL past the largest size.</summary>
    public SyscallResult FileTruncate(KernelFile file, ulong sizeBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (sizeBytes > KernelFile.LargestBytes)
        {
            return SyscallResult.Fail(Errno.EINVAL);
        }

        BeginStep();
        file.Vnode.Truncate(sizeBytes);
        Vm.OperationDone();
        EndStep();
        return SyscallResult.Ok;
    }
}
