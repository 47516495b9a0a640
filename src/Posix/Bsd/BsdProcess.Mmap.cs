namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override Errno CheckLimits(AddressRange range, in Mapping mapping) => Errno.None;
}
