namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override Errno BreakBelowHeap => Errno.ENOMEM;

    private protected override bool MayShrinkHeap(AddressRange end) => true;

    private protected override bool MayGrowHeap(AddressRange added, in Mapping mapping) => true;
}
