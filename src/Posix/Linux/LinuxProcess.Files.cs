namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override bool MayTransfer(ulong lengthBytes) => true;

    private protected override SyscallResult ReadCutShort(ulong done, Errno error) =>
        done > 0 ? new SyscallResult(Errno.None, done) : error;

    private protected override SyscallResult WriteCutShort(Vnode file, ulong offset, ulong done, Errno error)
    {
        file.ExtendTo(offset + done);
        return ReadCutShort(done, error);
    }
}
