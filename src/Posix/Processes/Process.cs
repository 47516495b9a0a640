namespace BsdVm.Posix;

/// <summary>
/// A process: its address space, and the system calls it can make on it. Each call has a file of its own with what all systems do; where
/// systems differ it asks an abstract member, which the processes of BSD and of Linux answer in files of the same name. Addresses and
/// lengths are what a program passes, unchecked: every mistake is an errno.
/// </summary>
public abstract partial class Process
{
    private readonly List<Process> _children = [];
    private ProcessHeap _heap;
    private bool _ownsSpace;

    internal Process(Kernel kernel, string name, VmSpace space, ProcessHeap heap, bool ownsSpace)
    {
        Kernel = kernel;
        Name = name;
        Space = space;
        _heap = heap;
        _ownsSpace = ownsSpace;
    }

    /// <summary>The kernel that runs it.</summary>
    public Kernel Kernel { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its address space.</summary>
    public VmSpace Space { get; private set; }

    /// <summary>Whether it has neither exited nor been killed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>The signal that ended it, or none.</summary>
    public Signal EndedBy { get; private set; }

    /// <summary>The processor that it runs on.</summary>
    public int CpuId { get; set; }

    /// <summary>The signal of the access under way, or of the last one that was abandoned.</summary>
    public SignalInfo Pending { get; internal set; }

    private protected VmMap Map => Space.Map;

    /// <summary>The first address that no process may use.</summary>
    private protected ulong UserLimit => Kernel.UserBounds.LengthBytes;

    private VmSystem Vm => Kernel.Vm;

    private protected static ulong RoundUp(ulong bytes) => PageSize.Base.RoundUp(bytes);

    private protected static ulong RoundDown(ulong bytes) => PageSize.Base.RoundDown(bytes);

    private protected static bool IsAligned(ulong address) => PageSize.Base.Divides(address);

    private protected static AddressRange RangeOf(ulong start, ulong end) => AddressRange.FromTo(new(start), new(end));

    // What was looked at beforehand cannot fail.
    private protected static void Require(VmStatus status)
    {
        if (status != VmStatus.Success)
        {
            throw new InvariantViolationException(
                "POSIX-DECIDED", "an operation whose arguments were checked", $"{VmStatus.Success}", $"{status}");
        }
    }

    /// <summary>Checks what the system keeps beside the vm_map, if it keeps anything.</summary>
    internal virtual void CheckInvariants()
    {
    }
}
