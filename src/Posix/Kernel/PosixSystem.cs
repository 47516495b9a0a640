namespace BsdVm.Posix;

/// <summary>
/// What one operating system answers where systems differ and no process is needed to tell: signals, limits of file transfers, what its
/// memory is built on. The calls of its processes stand in the <see cref="Process"/> that it makes.
/// </summary>
internal abstract class PosixSystem
{
    /// <summary>The answers that the machine-independent layer gives.</summary>
    public abstract VmPolicy VmPolicy { get; }

    /// <summary>
    /// What the system wants to know of stores to private mappings, see <see cref="VmConfiguration.PrivateWrite"/>; null for nothing.
    /// </summary>
    public virtual Action<VmSpace, VirtualAddress>? PrivateWrite => null;

    /// <summary>The system that a configuration names.</summary>
    public static PosixSystem Of(KernelConfiguration configuration) => configuration.OperatingSystem switch
    {
        OperatingSystemKind.Linux => new LinuxSystem(configuration),
        _ => new BsdSystem(configuration.Policy),
    };

    /// <summary>The anonymous layer where the configuration names none.</summary>
    public abstract AnonymousLayer CreateAnonymousLayer(VmSystem system);

    /// <summary>A process with nothing mapped.</summary>
    public abstract Process CreateProcess(Kernel kernel, string name, VmSpace space, ProcessHeap heap);

    /// <summary>The signal for an access that failed.</summary>
    public abstract Signal SignalOf(VmStatus status);

    /// <summary>What read(2) says to an offset and a length.</summary>
    public abstract Errno CheckRead(ulong offset, ulong lengthBytes);

    /// <summary>What write(2) says to an offset and a length.</summary>
    public abstract Errno CheckWrite(ulong offset, ulong lengthBytes);
}
