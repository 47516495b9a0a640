namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    // Source: 4.4BSD read and write, whose count is an int.
    private protected override bool MayTransfer(ulong lengthBytes) => lengthBytes <= int.MaxValue;

    private protected override SyscallResult ReadCutShort(ulong done, Errno error) => error;

    private protected override SyscallResult WriteCutShort(Vnode file, ulong offset, ulong done, Errno error) => error;
}
