namespace BsdVm.Posix;

/// <summary>A file: open once for reading and writing, and once for reading only, as mmap asks.</summary>
public sealed class KernelFile
{
    /// <summary>The largest size of a file: 2^63 - 1 bytes, as <c>off_t</c> has a sign.</summary>
    public const ulong LargestBytes = long.MaxValue;

    internal KernelFile(Vnode vnode)
    {
        Vnode = vnode;
        ReadOnly = new(this);
    }

    /// <summary>Its name.</summary>
    public string Name => Vnode.Name;

    /// <summary>Its length.</summary>
    public ulong SizeBytes => Vnode.SizeBytes;

    /// <summary>Its pages.</summary>
    public Vnode Vnode { get; }

    /// <summary>The file as opened for reading only: another open file, whose mappings do not join those of the first.</summary>
    internal ReadOnlyHandle ReadOnly { get; }

    internal sealed class ReadOnlyHandle(KernelFile file)
    {
        public KernelFile File { get; } = file;
    }
}
