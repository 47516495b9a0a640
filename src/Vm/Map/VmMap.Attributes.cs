namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>Sets what fork will do with all that is mapped in a range. Source: <c>vm_map_inherit</c>.</summary>
    public void Inherit(AddressRange range, VmInheritance inheritance)
    {
        CheckRange(range);
        for (VmMapEntry? entry = ClipRange(range); entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            entry.Inheritance = inheritance;
        }

        SimplifyByPolicy(range);
        _system.OperationDone();
    }

    /// <summary>Records how all that is mapped in a range will be used.</summary>
    public void Advise(AddressRange range, VmAdvice advice)
    {
        CheckRange(range);
        for (VmMapEntry? entry = ClipRange(range); entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            entry.Advice = advice;
        }

        SimplifyByPolicy(range);
        _system.OperationDone();
    }
}
