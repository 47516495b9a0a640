namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override void NoteAdded(AddressRange range, in Mapping mapping, VmObject? source, bool isHeap)
    {
        if (isHeap)
        {
            Vmas.InsertHeap(VmaOf(range, mapping, source), BreakStart);
        }
        else
        {
            Vmas.Insert(VmaOf(range, mapping, source));
        }
    }

    private protected override void NoteRemoved(AddressRange range) => Vmas.Remove(range.Start.Value, range.End.Value);

    private static Vma VmaOf(AddressRange range, in Mapping mapping, VmObject? source) => new()
    {
        Start = range.Start.Value,
        End = range.End.Value,
        PageOffset = (source is null ? range.Start.Value : mapping.File is null ? 0 : mapping.Offset) / PageSize.BaseBytes,
        Object = mapping.File is { } open ? (mapping.IsReadOnly ? open.ReadOnly : open) : source,
        Protection = mapping.Protection,
        IsShared = mapping.IsShared,
        Flags = (mapping.IsAccounted ? VmaFlags.Account : 0)
            | ((mapping.Options & MmapOptions.GrowsDown) != 0 ? VmaFlags.GrowsDown : 0),
    };
}
