namespace BsdVm.Snapshots;

/// <summary>Snapshots of single things, without what they lead to: what a message says of them.</summary>
internal static class Description
{
    public static VmMapEntrySnapshot Describe(this VmMapEntry entry) => new()
    {
        Range = entry.Range,
        Protection = entry.Protection,
        MaxProtection = entry.MaxProtection,
        Inheritance = entry.Inheritance,
        IsShared = entry.IsShared,
        CopyOnWrite = entry.CopyOnWrite,
        NeedsCopy = entry.NeedsCopy,
        SharesUpper = entry.SharesUpper,
        IsWired = entry.IsWired,
        GrowsDown = entry.GrowsDown,
        Advice = entry.Advice,
        Object = entry.Object?.Describe(),
        Offset = entry.Offset,
        Amap = entry.Amap?.Describe(),
        AmapSlot = entry.AmapSlot,
    };

    public static VmPageSnapshot Describe(this VmPages pages, PageFrameNumber frame) => Describe(in pages[frame], frame);

    public static VmPageSnapshot Describe(in VmPage page, PageFrameNumber frame) => new()
    {
        Frame = frame,
        Use = page.Use,
        Queue = page.Queue,
        WireCount = page.WireCount,
        IsBusy = page.Busy,
        ObjectId = page.Object == 0 ? null : page.Object,
        Index = page.Index,
        AnonId = page.Anon == 0 ? null : page.Anon,
    };

    public static AmapSnapshot Describe(this Amap amap) => new() { Id = amap.Id, RefCount = amap.RefCount };
}
