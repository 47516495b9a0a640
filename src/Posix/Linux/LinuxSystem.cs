namespace BsdVm.Posix;

/// <summary>Linux on x86-64.</summary>
internal sealed class LinuxSystem(KernelConfiguration configuration) : PosixSystem
{
    // By address space: processes that share one after vfork have one set of mappings.
    private readonly Dictionary<VmSpace, VmaMap> _mappings = [];

    /// <inheritdoc/>
    public override VmPolicy VmPolicy => VmPolicy.Linux;

    /// <summary>The first write attempt on a mapping makes its anon_vma.</summary>
    public override Action<VmSpace, VirtualAddress> PrivateWrite => (space, address) => _mappings[space].NoteWrite(address.Value);

    /// <inheritdoc/>
    public override AnonymousLayer CreateAnonymousLayer(VmSystem system) => new AmapLayer(system);

    /// <inheritdoc/>
    public override Process CreateProcess(Kernel kernel, string name, VmSpace space, ProcessHeap heap) =>
        new LinuxProcess(kernel, this, name, space, NewMappings(), heap, ownsSpace: true);

    /// <inheritdoc/>
    public override Signal SignalOf(VmStatus status) => status switch
    {
        VmStatus.ResourceShortage => Signal.SIGKILL,
        VmStatus.OutOfRange or VmStatus.PagerError => Signal.SIGBUS,
        _ => Signal.SIGSEGV,
    };

    /// <summary>Offset and length must fit together as well. Source: <c>rw_verify_area</c>.</summary>
    public override Errno CheckRead(ulong offset, ulong lengthBytes) =>
        offset > KernelFile.LargestSizeBytes || lengthBytes > KernelFile.LargestSizeBytes - offset ? Errno.EINVAL : Errno.None;

    /// <inheritdoc/>
    public override Errno CheckWrite(ulong offset, ulong lengthBytes) => CheckRead(offset, lengthBytes);

    /// <summary>The mappings of an address space in which nothing is mapped.</summary>
    public VmaMap NewMappings() => new() { Limit = configuration.MappingLimit };

    /// <summary>From now on stores in an address space are told to its mappings.</summary>
    public void Register(VmSpace space, VmaMap mappings) => _mappings[space] = mappings;

    /// <summary>An address space is gone.</summary>
    public void Unregister(VmSpace space) => _mappings.Remove(space);

    /// <summary>
    /// Whether memory may be promised: one request may not ask for more than there is. Source: <c>__vm_enough_memory</c>.
    /// </summary>
    public bool MayPromise(ulong pages) => configuration.RamBytes is not { } ram || pages <= ram / PageSize.BaseBytes;
}
