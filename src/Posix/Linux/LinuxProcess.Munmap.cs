namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override Errno UnmapOfNothing => Errno.EINVAL;

    private protected override bool MayUnmap(AddressRange range) => Vmas.CanRemove(range.Start.Value, range.End.Value);
}
