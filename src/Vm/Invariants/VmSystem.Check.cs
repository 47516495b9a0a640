namespace BsdVm;

public sealed partial class VmSystem
{
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
        Anonymous.CheckInvariants();
        PmapInvariants.Check(this);
    }
}
