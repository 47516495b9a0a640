namespace BsdVm.Posix;

/// <summary>
/// A process: its address space, and the system calls it can make on it. Each call has a file of its own. Addresses and lengths are what a
/// program passes, unchecked: every mistake is an errno.
/// </summary>
public sealed partial class Process
{
    private readonly List<Process> _children = [];
    private readonly ProcessHeap _heap;
    private readonly bool _ownsSpace;

    internal Process(Kernel kernel, string name, VmSpace space, VmaMap? vmas, ProcessHeap heap, bool ownsSpace = true)
    {
        Kernel = kernel;
        Name = name;
        Space = space;
        Vmas = vmas;
        _heap = heap;
        _ownsSpace = ownsSpace;
    }

    /// <summary>The kernel that runs it.</summary>
    public Kernel Kernel { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its address space.</summary>
    public VmSpace Space { get; }

    /// <summary>Whether it has neither exited nor been killed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>The signal that ended it, or none.</summary>
    public Signal EndedBy { get; private set; }

    /// <summary>The processor that it runs on.</summary>
    public int CpuId { get; set; }

    /// <summary>Linux's mappings; null on BSD.</summary>
    internal VmaMap? Vmas { get; }

    /// <summary>The signal of the access under way.</summary>
    internal Signal Pending { get; set; }

    private VmSystem Vm => Kernel.Vm;

    private VmMap Map => Space.Map;

    private static ulong RoundUp(ulong bytes) => unchecked((bytes + PageSize.Base.OffsetMask) & ~PageSize.Base.OffsetMask);

    private static ulong RoundDown(ulong bytes) => bytes & ~PageSize.Base.OffsetMask;

    private static bool IsAligned(ulong address) => (address & PageSize.Base.OffsetMask) == 0;

    private static AddressRange RangeOf(ulong start, ulong end) => AddressRange.FromTo(new(start), new(end));

    // What was looked at beforehand cannot fail.
    private static void Require(VmStatus status)
    {
        if (status != VmStatus.Success)
        {
            throw new InvariantViolationException("POSIX-DECIDED", "an operation whose arguments were checked", $"{VmStatus.Success}", $"{status}");
        }
    }

    // The part of a range that can be mapped at all.
    private AddressRange Clamp(ulong start, ulong end)
    {
        ulong limit = Kernel.UserBounds.LengthBytes;
        return RangeOf(Math.Min(start, limit), Math.Min(Math.Max(start, end), limit));
    }
}
