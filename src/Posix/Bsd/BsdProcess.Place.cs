namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override Errno CheckFixedAddress(ulong address) => Errno.None;

    // First fit from the middle of the space: above programs and heaps, below stacks.
    private protected override bool TryChoosePlace(ulong length, bool isPrivateAnonymous, out ulong start)
    {
        var from = new VirtualAddress(UserLimit > 1UL << 32 ? 0x7F00_0000_0000 : UserLimit / 2);
        bool found = Map.TryFindSpace(from, length, out VirtualAddress at) || Map.TryFindSpace(new(PageSize.BaseBytes), length, out at);
        start = at.Value;
        return found;
    }
}
