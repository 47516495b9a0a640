namespace BsdVm.Traces;

/// <summary>Memory map entries inside the compact form.</summary>
internal static class MapCodec
{
    /// <summary>Writes the entries, or that there are none.</summary>
    public static void Write(ByteWriter writer, IReadOnlyList<MemoryMapEntry>? entries)
    {
        writer.Number(entries is null ? 0 : (ulong)entries.Count + 1);
        foreach (MemoryMapEntry entry in entries ?? [])
        {
            writer.Number(entry.Range.Start.Value);
            writer.Number(entry.Range.LengthBytes);
            writer.Byte((byte)((int)entry.Protection | (entry.IsShared ? 8 : 0)));
            writer.Number(entry.Offset);
            writer.Number(entry.DeviceMajor);
            writer.Number(entry.DeviceMinor);
            writer.Number(entry.Inode);
            writer.Text(entry.Path);
        }
    }

    /// <summary>Reads them; what is unsound shows in the parser.</summary>
    public static List<MemoryMapEntry>? Read(ref ByteParser parser, ref bool isSound)
    {
        int count = parser.Small();
        if (count == 0)
        {
            return null;
        }

        var entries = new List<MemoryMapEntry>();
        while (entries.Count < count - 1 && !parser.IsUnsound && isSound)
        {
            isSound &= TryRead(ref parser, entries);
        }

        return entries;
    }

    private static bool TryRead(ref ByteParser parser, List<MemoryMapEntry> entries)
    {
        ulong start = parser.Number();
        ulong length = parser.Number();
        byte rights = parser.Byte();
        ulong offset = parser.Number();
        ulong major = parser.Number();
        ulong minor = parser.Number();
        ulong inode = parser.Number();
        string path = parser.Text();
        bool isSound = !parser.IsUnsound && length != 0 && start + (length - 1) >= start && rights < 16 &&
                       ((start | length) & (PageSize.BaseBytes - 1)) == 0 && major <= uint.MaxValue && minor <= uint.MaxValue &&
                       (entries.Count == 0 || start > entries[^1].Range.Last.Value);
        if (isSound)
        {
            var range = new AddressRange(new VirtualAddress(start), length);
            entries.Add(new MemoryMapEntry(
                range, (Protection)(rights & 7), (rights & 8) != 0, offset, (uint)major, (uint)minor, inode, path));
        }

        return isSound;
    }
}
