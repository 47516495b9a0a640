namespace BsdVm;

public sealed partial class VmSystem
{
    private int _operations;

    /// <summary>
    /// Ends the process-visible part of an operation: owed invalidations are delivered, invariants checked as configured.
    /// </summary>
    public void OperationDone()
    {
        Pmaps.Update();
        if (_check == CheckMode.Every || (_check == CheckMode.Amortized && ++_operations > CheckedThings))
        {
            _operations = 0;
            CheckInvariants();
        }
    }

    /// <summary>Checks every rule on every structure. docs/design/invariants.md lists them.</summary>
    /// <exception cref="InvariantViolationException">The first rule that does not hold.</exception>
    public void CheckInvariants()
    {
        foreach (VmSpace space in Spaces)
        {
            MapInvariants.Check(space.Map);
        }

        ObjectInvariants.Check(this);
        PageInvariants.Check(this);
        WiringInvariants.Check(this);
        Anonymous.CheckInvariants();
        PmapInvariants.Check(this);
    }

    // How many operations pass between two amortised checks. Source: FreeBSD VM_MAP_ASSERT_CONSISTENT, which checks a map after as many
    // updates as it has entries. A check takes about as many steps, so that an operation costs a constant more.
    private int CheckedThings => EntryCount + Objects.Count + Pages.Used.Length;

    /// <summary>Checks, when rules are checked at all, that TLBs know everything that concerns a frame: rule <c>TLB-OWED</c>.</summary>
    internal void CheckDelivered(PageFrameNumber frame, string what)
    {
        if (_check != CheckMode.Off)
        {
            PageInvariants.CheckDelivered(this, frame, what);
        }
    }
}
