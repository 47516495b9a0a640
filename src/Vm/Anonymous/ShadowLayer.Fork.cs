namespace BsdVm;

public sealed partial class ShadowLayer
{
    /// <inheritdoc/>
    public override void ForkCopy(VmMapEntry parent, VmMapEntry child)
    {
        child.Object = parent.Object;
        child.Offset = parent.Offset;
        if (parent.Object is null)
        {
            return;
        }

        parent.Object.Collapse();
        parent.Object.Reference();
        parent.Object.HasOneMapping = false;
        parent.NeedsCopy = true;
        child.NeedsCopy = true;
    }

    /// <inheritdoc/>
    public override void ForkShare(VmMapEntry parent, VmMapEntry child)
    {
        // What is shared must exist, and must not be replaced by a private shadow later.
        if (!parent.IsShared)
        {
            MakeOwn(parent);
            parent.SharesUpper = true;
        }

        child.Object = parent.Object;
        child.Offset = parent.Offset;
        child.NeedsCopy = false;
        child.SharesUpper = parent.SharesUpper;
        parent.Object!.Reference();
        parent.Object.HasOneMapping = false;
    }

    /// <inheritdoc/>
    public override bool IsUpperShared(VmMapEntry entry) => entry.IsShared || (entry.SharesUpper && entry.Object?.RefCount > 1);

    /// <inheritdoc/>
    public override void ForkEmpty(VmMapEntry parent, VmMapEntry child)
    {
        // Untouched pages still come from the bottom: the file, if there is one.
        VmObject? bottom = parent.Object;
        ulong offset = parent.Offset;
        while (bottom is not null && bottom.IsAnonymous)
        {
            offset += bottom.ShadowOffset;
            bottom = bottom.Shadow;
        }

        child.Object = System.Objects.Allocate(parent.Range.LengthBytes);
        child.Offset = 0;
        child.NeedsCopy = false;
        if (bottom is not null)
        {
            bottom.Reference();
            child.Object.SetShadow(bottom, offset);
        }
    }
}
