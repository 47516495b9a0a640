namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>A child's entry for a parent's, above all that the child has so far, without layers yet.</summary>
    internal VmMapEntry Append(VmMapEntry parent)
    {
        VmMapEntry made = NewEntry();
        made.CopyAttributes(parent);
        made.Start = parent.Start;
        made.End = parent.End;
        // Wiring is not inherited, and the child's first store is news again.
        made.IsWired = false;
        made.IsWiredOnFault = false;
        made.WriteReported = false;
        Link(made, _last);
        _last = made;
        return made;
    }

    /// <summary>A child's entry of fresh zeros in place of a parent's.</summary>
    internal void AppendZero(VmMapEntry parent)
    {
        VmMapEntry made = Append(parent);
        made.IsShared = false;
        made.SharesUpper = false;
        made.NeedsCopy = false;
        made.CopyOnWrite = true;
    }

    // The entry that Append made last; fork alone appends, to a map that nobody uses yet.
    private VmMapEntry? _last;
}
