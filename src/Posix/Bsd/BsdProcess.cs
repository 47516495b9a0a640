namespace BsdVm.Posix;

/// <summary>A process of 4.4BSD and its descendants. The vm_map holds all that there is to know about its mappings.</summary>
internal sealed partial class BsdProcess : Process
{
    private readonly BsdSystem _system;

    public BsdProcess(Kernel kernel, BsdSystem system, string name, VmSpace space, ProcessHeap heap, bool ownsSpace)
        : base(kernel, name, space, heap, ownsSpace) => _system = system;

    // The part of a range that can be mapped at all.
    private AddressRange Clamp(ulong start, ulong end) => RangeOf(Math.Min(start, UserLimit), Math.Min(Math.Max(start, end), UserLimit));

    // Whether every page of a range is mapped, and the part that can be.
    private bool IsMapped(ulong start, ulong end, out AddressRange range)
    {
        range = Clamp(start, end);
        return end <= UserLimit && Map.IsMapped(range);
    }
}
