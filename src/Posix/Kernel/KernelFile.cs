namespace BsdVm.Posix;

/// <summary>A file as processes name it: open once for reading and writing, and once for reading only, shared by all.</summary>
public sealed class KernelFile
{
    internal KernelFile(Vnode vnode)
    {
        Vnode = vnode;
        ReadOnly = new(this);
    }

    /// <summary>The file itself.</summary>
    public Vnode Vnode { get; }

    /// <summary>Its name.</summary>
    public string Name => Vnode.Name;

    /// <summary>The file as opened for reading only: on Linux another open file, whose mappings do not join those of the first.</summary>
    internal ReadOnlyHandle ReadOnly { get; }

    internal sealed class ReadOnlyHandle(KernelFile file)
    {
        public KernelFile File { get; } = file;
    }
}
