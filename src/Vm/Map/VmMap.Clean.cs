namespace BsdVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Writes the modified pages of shared mappings in a range to their files, or to the pagers that they were made for. Nothing is
    /// invalidated: 4.4BSD's msync threw away modified pages of mappings that had become read-only (B18). Source: <c>vm_map_clean</c>,
    /// <c>vm_object_page_clean</c>.
    /// </summary>
    /// <returns>PagerError if a page could not be written; it stays modified then.</returns>
    public VmStatus Clean(AddressRange range)
    {
        CheckRange(range);
        VmStatus status = VmStatus.Success;
        for (VmMapEntry? entry = FirstFrom(range.Start); entry is not null && entry.Start < range.End; entry = entry.Next)
        {
            if (entry.IsShared && entry.Object is { IsAnonymous: false } file)
            {
                VirtualAddress from = entry.Start < range.Start ? range.Start : entry.Start;
                VirtualAddress to = entry.End > range.End ? range.End : entry.End;
                ulong first = entry.ObjectOffsetOf(from) / PageSize.BaseBytes;
                if (!file.TryClean(first, (to - from) / PageSize.BaseBytes))
                {
                    status = VmStatus.PagerError;
                }
            }
        }

        _system.OperationDone();
        return status;
    }
}
