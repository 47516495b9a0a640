namespace BsdVm.Posix;

internal sealed partial class LinuxProcess
{
    /// <inheritdoc/>
    public override IReadOnlyList<MapsRow> Maps(AddressRange range)
    {
        var rows = new List<MapsRow>();
        foreach (ref readonly Vma vma in Vmas.Items)
        {
            if (vma.Range.Overlaps(range))
            {
                long identity = vma.Object is VmObject shared ? shared.Id : 0;
                rows.Add(new(vma.Range, vma.Protection, vma.IsShared, FileOf(in vma)?.Name, vma.PageOffset * PageSize.BaseBytes, identity));
            }
        }

        return rows;
    }

    private static KernelFile? FileOf(in Vma vma) =>
        vma.Object is KernelFile.ReadOnlyHandle handle ? handle.File : vma.Object as KernelFile;
}
