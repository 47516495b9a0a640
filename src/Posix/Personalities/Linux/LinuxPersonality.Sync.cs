using System.Text;

namespace BsdVm.Posix;

internal sealed partial class LinuxPersonality
{
    // mincore's answer is a character a page: 64 GB of memory have 16 million.
    private const ulong MincoreLimitPages = 1 << 24;

    /// <summary>Source: <c>msync</c>.</summary>
    public override Errno Msync(ProcessMemory memory, ulong address, ulong length, MsyncFlags flags)
    {
        if (!IsAligned(address))
        {
            return Errno.EINVAL;
        }

        ulong end = unchecked(address + RoundUp(length));
        if (end < address)
        {
            return Errno.ENOMEM;
        }

        var walk = new VmaWalk(memory.Mappings, address, end);
        while (walk.MoveNext())
        {
            if (flags == MsyncFlags.Invalidate && walk.Mapping.Has(VmaFlags.Locked))
            {
                return Errno.EBUSY;
            }

            if (flags == MsyncFlags.Sync && memory.Map.Clean(walk.Range) != VmStatus.Success)
            {
                return Errno.EIO;
            }
        }

        return walk.MetHole ? Errno.ENOMEM : Errno.None;
    }

    /// <summary>
    /// Private anonymous memory: is there a page-table entry, which a load makes too. Shared memory and files: has the object the page, whoever
    /// brought it. Source: <c>mincore</c>. Differs: EAGAIN above 64 GB.
    /// </summary>
    public override Errno Mincore(ProcessMemory memory, ulong address, ulong length, out string resident)
    {
        resident = "";
        if (!IsAligned(address))
        {
            return Errno.EINVAL;
        }

        if (!IsInside(address, length))
        {
            return Errno.ENOMEM;
        }

        ulong end = address + RoundUp(length);
        var walk = new VmaWalk(memory.Mappings, address, end);
        while (walk.MoveNextWithoutHole())
        {
        }

        if (walk.MetHole)
        {
            return Errno.ENOMEM;
        }

        if ((end - address) >> PageSize.Base.Shift > MincoreLimitPages)
        {
            return Errno.EAGAIN;
        }

        resident = Residence(memory, address, end);
        return Errno.None;
    }

    private static string Residence(ProcessMemory memory, ulong start, ulong end)
    {
        var text = new StringBuilder();
        var walk = new VmaWalk(memory.Mappings, start, end);
        while (walk.MoveNext())
        {
            for (ulong page = walk.From; page < walk.To; page += PageSize.BaseBytes)
            {
                text.Append(IsInCore(memory, walk.Mapping, page) ? '1' : '0');
            }
        }

        return text.ToString();
    }

    private static bool IsInCore(ProcessMemory memory, in Vma mapping, ulong page)
    {
        if (mapping.IsPrivateAnonymous)
        {
            return memory.Space.IsTouched(new(page));
        }

        return FileOf(in mapping) is { } file ? file.Vnode.HasData(mapping.PageOffsetOf(page)) : memory.Map.IsResident(new(page));
    }
}
