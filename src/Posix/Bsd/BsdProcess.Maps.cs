namespace BsdVm.Posix;

internal sealed partial class BsdProcess
{
    /// <inheritdoc/>
    public override IReadOnlyList<MapsRow> Maps(AddressRange range)
    {
        var rows = new List<MapsRow>();
        for (VmMapEntry? entry = Map.FirstFrom(range.Start); entry is not null && range.Overlaps(entry.Range); entry = entry.Next)
        {
            rows.Add(RowOf(entry));
        }

        return rows;
    }

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
