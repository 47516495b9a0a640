namespace BsdVm;

public sealed partial class AmapLayer
{
    /// <inheritdoc/>
    public override void ForkCopy(VmMapEntry parent, VmMapEntry child)
    {
        ShareLower(parent, child);
        if (parent.Amap is null)
        {
            child.NeedsCopy = parent.NeedsCopy;
            return;
        }

        child.AmapSlot = parent.AmapSlot;
        Attach(child, parent.Amap);
        parent.NeedsCopy = true;
        child.NeedsCopy = true;
    }

    /// <inheritdoc/>
    public override void ForkShare(VmMapEntry parent, VmMapEntry child)
    {
        ShareLower(parent, child);
        child.NeedsCopy = false;
        if (parent.IsShared)
        {
            return;
        }

        MakeOwn(parent);
        parent.SharesUpper = true;
        child.SharesUpper = true;
        child.AmapSlot = parent.AmapSlot;
        Attach(child, parent.Amap!);
    }

    /// <inheritdoc/>
    public override bool IsUpperShared(VmMapEntry entry) =>
        entry.IsShared
        || (entry.SharesUpper && entry.Amap is not null && HasOtherEntryIn(entry, entry.SlotOf(entry.Start), entry.SlotOf(entry.End)));

    /// <inheritdoc/>
    public override void ForkEmpty(VmMapEntry parent, VmMapEntry child)
    {
        // The copy of a shared mapping of anonymous memory has nothing below it; that of a file follows the file.
        if (parent.Object is { IsAnonymous: false })
        {
            ShareLower(parent, child);
        }

        MakeOwn(child);
    }

    private static void ShareLower(VmMapEntry parent, VmMapEntry child)
    {
        child.Object = parent.Object;
        child.Offset = parent.Offset;
        child.Object?.Reference();
    }
}
