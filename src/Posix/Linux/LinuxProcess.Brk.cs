namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override Errno BreakBelowHeap => Errno.None;

    private protected override bool MayShrinkHeap(AddressRange end) => Vmas.HasAny(end.Start.Value, end.End.Value);

    private protected override bool MayGrowHeap(AddressRange added, in Mapping mapping) =>
        HasRoomAbove(added.End.Value) && _system.MayPromise(added.PageCount) && HasMappingLeft(added, mapping, isHeap: true);

    // Source: Linux brk.
    private bool HasRoomAbove(ulong end)
    {
        if (Vmas.IndexFrom(end) is var next && next == Vmas.Count)
        {
            return true;
        }

        ulong gap = PageSize.BaseBytes + (Vmas[next].Has(VmaFlags.GrowsDown) ? StackGapBytes : 0);
        return Vmas[next].Start - end >= gap;
    }
}
