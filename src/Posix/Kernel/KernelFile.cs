namespace BsdVm.Posix;

/// <summary>A file as processes name it: open once for reading and writing, and once for reading only, shared by all.</summary>
public sealed class KernelFile
{
    /// <summary>The largest size of a file, and the largest offset: what fits in a signed 64-bit <c>off_t</c>.</summary>
    public const ulong LargestSizeBytes = long.MaxValue;

    private readonly PosixSystem _system;

    internal KernelFile(Vnode vnode, PosixSystem system)
    {
        Vnode = vnode;
        _system = system;
        ReadOnly = new(this);
    }

    /// <summary>The file itself.</summary>
    public Vnode Vnode { get; }

    /// <summary>Its name.</summary>
    public string Name => Vnode.Name;

    /// <summary>The file as opened for reading only: on Linux another open file, whose mappings do not join those of the first.</summary>
    internal ReadOnlyHandle ReadOnly { get; }

    /// <summary>read(2) from outside every process: the byte count, short at the file's end, 0 behind it.</summary>
    public SyscallResult Read(ulong offset, Span<byte> destination)
    {
        Errno error = _system.CheckRead(offset, (ulong)destination.Length);
        return error == Errno.None ? new SyscallResult(Errno.None, (ulong)Vnode.Read(offset, destination)) : error;
    }

    /// <summary>write(2) from outside every process: the byte count.</summary>
    public SyscallResult Write(ulong offset, ReadOnlySpan<byte> source)
    {
        Errno error = _system.CheckWrite(offset, (ulong)source.Length);
        if (error != Errno.None)
        {
            return error;
        }

        Vnode.Write(offset, source);
        return new(Errno.None, (ulong)source.Length);
    }

    /// <summary>truncate(2) from outside every process. EINVAL for a size that is negative as <c>off_t</c>.</summary>
    public SyscallResult Truncate(ulong sizeBytes)
    {
        if (sizeBytes > LargestSizeBytes)
        {
            return Errno.EINVAL;
        }

        Vnode.Truncate(sizeBytes);
        return SyscallResult.Ok;
    }

    internal sealed class ReadOnlyHandle(KernelFile file)
    {
        public KernelFile File { get; } = file;
    }
}
