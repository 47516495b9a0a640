namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    private protected override Errno UnmapOfNothing => _system.IsLite2 ? Errno.None : Errno.EINVAL;

    private protected override bool MayUnmap(AddressRange range) => true;
}
