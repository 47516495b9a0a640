namespace BsdVm.Posix;

internal sealed partial class LinuxPersonality
{
    /// <summary>Changes what lies ahead of the first hole or refusal, which stays changed. Source: <c>do_mprotect_pkey</c>.</summary>
    public override Errno Mprotect(ProcessMemory memory, ulong address, ulong length, Protection protection)
    {
        if (!IsAligned(address))
        {
            return Errno.EINVAL;
        }

        if (length == 0)
        {
            return Errno.None;
        }

        ulong end = unchecked(address + RoundUp(length));
        if (end <= address)
        {
            return Errno.ENOMEM;
        }

        var walk = new VmaWalk(memory.Mappings, address, end);
        while (walk.MoveNextWithoutHole())
        {
            Vma mapping = walk.Mapping;
            if (protection.Allows(Protection.Write) && mapping.IsShared && mapping.Object is KernelFile.ReadOnlyHandle)
            {
                return Errno.EACCES;
            }

            if (mapping.Protection != protection)
            {
                memory.Mappings.Change(walk.From, walk.To, protection, mapping.FlagsWith(protection));
                Require(memory.Map.Protect(walk.Range, protection));
            }
        }

        return walk.MetHole ? Errno.ENOMEM : Errno.None;
    }
}
