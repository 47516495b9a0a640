namespace BsdVm.Posix;

/// <summary>4.4BSD and its descendants; the policy says which.</summary>
internal sealed class BsdSystem(VmPolicy policy) : PosixSystem
{
    /// <inheritdoc/>
    public override VmPolicy VmPolicy => policy;

    /// <summary>4.4BSD-Lite2 as it was, rather than what became of it.</summary>
    public bool IsLite2 => policy.Name == VmPolicy.Lite2.Name;

    /// <inheritdoc/>
    public override AnonymousLayer CreateAnonymousLayer(VmSystem system) => new ShadowLayer(system);

    /// <inheritdoc/>
    public override Process CreateProcess(Kernel kernel, string name, VmSpace space, ProcessHeap heap) =>
        new BsdProcess(kernel, this, name, space, heap, ownsSpace: true);

    /// <summary>No mapping or no right is SIGSEGV, a page that cannot be had SIGBUS. 4.4BSD: no right is SIGBUS too.</summary>
    public override Signal SignalOf(VmStatus status) => status switch
    {
        VmStatus.ResourceShortage => Signal.SIGKILL,
        VmStatus.OutOfRange or VmStatus.PagerError => Signal.SIGBUS,
        VmStatus.ProtectionFailure when IsLite2 => Signal.SIGBUS,
        _ => Signal.SIGSEGV,
    };

    /// <inheritdoc/>
    public override Errno CheckRead(ulong offset, ulong lengthBytes) =>
        offset > KernelFile.LargestSizeBytes ? Errno.EINVAL : Errno.None;

    /// <summary>Source: 4.4BSD <c>ffs_write</c>.</summary>
    public override Errno CheckWrite(ulong offset, ulong lengthBytes) =>
        offset > KernelFile.LargestSizeBytes ? Errno.EINVAL
        : lengthBytes > KernelFile.LargestSizeBytes - offset ? Errno.EFBIG
        : Errno.None;
}
