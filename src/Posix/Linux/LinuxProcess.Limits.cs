namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    // Linux refuses what would promise more than there is, or make a mapping too many, before anything is unmapped. Pages that were counted
    // already and go are set off. Source: mmap_region, accountable_mapping, shmem_acct_size.
    private protected override Errno CheckLimits(AddressRange range, in Mapping mapping)
    {
        if (!MayUnmap(range))
        {
            return Errno.ENOMEM;
        }

        bool isSharedAnonymous = mapping.IsShared && mapping.File is null;
        ulong replaced = mapping.IsAccounted ? Vmas.AccountedPages(range.Start.Value, range.End.Value) : 0;
        ulong pages = mapping.IsAccounted || isSharedAnonymous ? range.PageCount - replaced : 0;
        return _system.MayPromise(pages) && HasMappingLeft(range, mapping, isHeap: false) ? Errno.None : Errno.ENOMEM;
    }

    // Where the limit of mappings refuses the upper edge, the lower one stays cut.
    private bool TryChange(AddressRange part, Protection protection, VmaFlags flags)
    {
        bool changed = Vmas.TryChange(part.Start.Value, part.End.Value, protection, flags);
        if (!changed)
        {
            Map.Split(part.Start);
        }

        return changed;
    }

    // Source: max_map_count. Only close to the limit it matters what is replaced and what joins: that is tried on a copy.
    private bool HasMappingLeft(AddressRange range, in Mapping mapping, bool isHeap)
    {
        if (Vmas.Count + 2 <= Vmas.Limit)
        {
            return true;
        }

        VmaMap trial = Vmas.Clone();
        trial.Remove(range.Start.Value, range.End.Value);
        Vma made = VmaOf(range, mapping, mapping.File?.Vnode.Object);
        if (mapping.IsShared && mapping.File is null)
        {
            // Each has an object of its own, which joins nothing.
            made.Object = trial;
        }

        if (isHeap)
        {
            trial.InsertHeap(made, BreakStart);
        }
        else
        {
            trial.Insert(made);
        }

        return trial.Count <= Vmas.Limit;
    }
}
