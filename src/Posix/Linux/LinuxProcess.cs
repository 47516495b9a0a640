namespace BsdVm.Posix;

/// <summary>
/// A process of Linux. Its <see cref="VmaMap"/> is what <c>maps</c> lists and what calls go by, mapping by mapping; the vm_map below holds
/// the same addresses, and is changed after it or before it as each call needs.
/// </summary>
internal sealed partial class LinuxProcess : Process
{
    private readonly LinuxSystem _system;

    public LinuxProcess(Kernel kernel, LinuxSystem system, string name, VmSpace space, VmaMap mappings, ProcessHeap heap, bool ownsSpace)
        : base(kernel, name, space, heap, ownsSpace)
    {
        _system = system;
        Vmas = mappings;
        system.Register(space, mappings);
    }

    /// <summary>Its mappings; those of a process after vfork are its parent's.</summary>
    public VmaMap Vmas { get; private set; }

    internal override void CheckInvariants() => VmaInvariants.Check(Map, Vmas);
}
