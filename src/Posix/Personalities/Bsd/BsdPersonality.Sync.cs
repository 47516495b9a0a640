using System.Text;

namespace BsdVm.Posix;

internal sealed partial class BsdPersonality
{
    private const ulong MincoreLimitPages = 1 << 24;

    /// <summary>
    /// Length 0 means the whole mapping. A hole is ENOMEM with nothing written (Lite2: EINVAL); invalidate refuses locked memory with EBUSY.
    /// Source: 4.4BSD <c>msync</c>, <c>vm_map_clean</c>; FreeBSD <c>kern_msync</c>.
    /// </summary>
    public override Errno Msync(ProcessMemory memory, ulong address, ulong length, MsyncFlags flags)
    {
        if (!IsAligned(address) || IsNegative(length))
        {
            return Errno.EINVAL;
        }

        Errno hole = IsLite2 ? Errno.EINVAL : Errno.ENOMEM;
        if (!IsInside(address, RoundUp(length)))
        {
            return hole;
        }

        AddressRange range = length == 0 && memory.Map.Lookup(new(address)) is { } entry ? entry.Range : new(new(address), RoundUp(length));
        if (range.IsEmpty || !memory.Map.IsMapped(range))
        {
            return hole;
        }

        if (flags == MsyncFlags.Invalidate && HasWired(memory, range))
        {
            return Errno.EBUSY;
        }

        return memory.Map.Clean(range) == VmStatus.Success ? Errno.None : Errno.EIO;
    }

    /// <summary>
    /// Whether the page that an access would see is in memory, in whatever layer. The address is rounded down; ENOMEM for a hole. Source:
    /// FreeBSD <c>kern_mincore</c>. Differs: EAGAIN above 64 GB.
    /// </summary>
    public override Errno Mincore(ProcessMemory memory, ulong address, ulong length, out string resident)
    {
        resident = "";
        ulong start = RoundDown(address);
        ulong end = RoundUp(unchecked(address + length));
        if (end < start || end > UserLimit || !memory.Map.IsMapped(Range(start, end)))
        {
            return Errno.ENOMEM;
        }

        if ((end - start) >> PageSize.Base.Shift > MincoreLimitPages)
        {
            return Errno.EAGAIN;
        }

        var text = new StringBuilder();
        for (ulong page = start; page < end; page += PageSize.BaseBytes)
        {
            text.Append(memory.Map.IsResident(new(page)) ? '1' : '0');
        }

        resident = text.ToString();
        return Errno.None;
    }

    private static bool HasWired(ProcessMemory memory, AddressRange range)
    {
        for (VmMapEntry? entry = memory.Map.FirstFrom(range.Start); entry is not null && entry.Range.Overlaps(range); entry = entry.Next)
        {
            if (entry.IsWired)
            {
                return true;
            }
        }

        return false;
    }
}
