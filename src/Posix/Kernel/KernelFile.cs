namespace BsdVm.Posix;

/// <summary>A file as processes name it: one open file, shared by all.</summary>
public sealed class KernelFile
{
    internal KernelFile(Vnode vnode) => Vnode = vnode;

    /// <summary>The file itself.</summary>
    public Vnode Vnode { get; }

    /// <summary>Its name.</summary>
    public string Name => Vnode.Name;
}
