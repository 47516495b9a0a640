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

    public static AmapSnapshot Describe(this Amap amap) => new() { Id = amap.Id, RefCount = amap.RefCount };
}
