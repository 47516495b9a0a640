namespace BsdVm.Posix;

/// <summary>One mapping as <c>maps</c> lists it.</summary>
/// <param name="Range">The addresses.</param>
/// <param name="Protection">The rights.</param>
/// <param name="IsShared">MAP_SHARED.</param>
/// <param name="File">The file's name, or null for anonymous memory.</param>
/// <param name="Offset">Where the range starts in the file or object, in bytes.</param>
/// <param name="Identity">Tells objects of shared anonymous memory apart; 0 for all else.</param>
public readonly record struct MapsRow(AddressRange Range, Protection Protection, bool IsShared, string? File, ulong Offset, long Identity);

public sealed partial class Process
{
    /// <summary>
    /// The mappings that overlap a range, lowest first: the rows that the system modelled keeps, Linux's mappings or BSD's entries.
    /// </summary>
    public IReadOnlyList<MapsRow> Maps(AddressRange range)
    {
        var rows = new List<MapsRow>();
        if (Vmas is not null)
        {
            foreach (ref readonly Vma vma in Vmas.Items)
            {
                if (vma.Range.Overlaps(range))
                {
                    long identity = vma.Object is VmObject shared ? shared.Id : 0;
                    rows.Add(new(vma.Range, vma.Protection, vma.IsShared, FileOf(in vma)?.Name, vma.PageOffset << PageSize.Base.Shift, identity));
                }
            }

            return rows;
        }

        for (VmMapEntry? entry = Map.FirstFrom(range.Start); entry is not null && range.Overlaps(entry.Range); entry = entry.Next)
        {
            rows.Add(RowOf(entry));
        }

        return rows;
    }

    private static KernelFile? FileOf(in Vma vma) => vma.Object is KernelFile.ReadOnlyHandle handle ? handle.File : vma.Object as KernelFile;

    private static MapsRow RowOf(VmMapEntry entry)
    {
        VmObject? bottom = entry.Object;
        ulong offset = entry.Offset;
        while (bottom is { IsAnonymous: true, Shadow: { } behind })
        {
            offset += bottom.ShadowOffset;
            bottom = behind;
        }

        string? file = bottom?.Vnode?.Name;
        long identity = file is null && entry.IsShared ? bottom!.Id : 0;
        return new MapsRow(entry.Range, entry.Protection, entry.IsShared, file, offset, identity);
    }
}
