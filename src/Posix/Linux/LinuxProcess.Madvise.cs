namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private protected override SyscallResult Advise(ulong start, ulong end, MadviseKind kind) =>
        ForEachMapping(start, end, stopsAtHole: false, (in Vma vma, AddressRange part) => Advise(in vma, part, kind));

    private Errno Advise(in Vma vma, AddressRange part, MadviseKind kind)
    {
        switch (kind)
        {
            case MadviseKind.Free when vma.IsShared || !vma.IsPrivateAnonymous:
            case MadviseKind.Free or MadviseKind.DontNeed when vma.Has(VmaFlags.Locked):
                return Errno.EINVAL;
            case MadviseKind.DontNeed or MadviseKind.Free:
                Map.Drop(part);
                return Errno.None;
            case MadviseKind.WillNeed:
                return Errno.None;
            default:
                VmaFlags flags = vma.Flags & ~(VmaFlags.Random | VmaFlags.Sequential);
                flags |= kind == MadviseKind.Random ? VmaFlags.Random : kind == MadviseKind.Sequential ? VmaFlags.Sequential : 0;
                if (!TryChange(part, vma.Protection, flags))
                {
                    return Errno.EAGAIN;
                }

                Map.Advise(part, (VmAdvice)kind);
                return Errno.None;
        }
    }
}
