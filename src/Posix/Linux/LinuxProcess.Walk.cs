namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    private delegate Errno MappingAction(in Vma vma, AddressRange part);

    /// <summary>
    /// A walk over the mappings of a range: each mapping's part in turn, as the mappings were when their turn came. The first error of a
    /// mapping ends it. A hole ends it with ENOMEM, or is remembered and told at the end.
    /// </summary>
    private SyscallResult ForEachMapping(ulong start, ulong end, bool stopsAtHole, MappingAction action)
    {
        bool sawHole = false;
        while (start < end)
        {
            int index = Vmas.IndexFrom(start);
            if (index == Vmas.Count || Vmas[index].Start >= end || (Vmas[index].Start > start && stopsAtHole))
            {
                return Errno.ENOMEM;
            }

            Vma vma = Vmas[index];
            sawHole |= vma.Start > start;
            ulong from = Math.Max(start, vma.Start);
            ulong to = Math.Min(end, vma.End);
            Errno error = action(in vma, RangeOf(from, to));
            if (error != Errno.None)
            {
                return error;
            }

            start = to;
        }

        return sawHole ? Errno.ENOMEM : SyscallResult.Ok;
    }
}
