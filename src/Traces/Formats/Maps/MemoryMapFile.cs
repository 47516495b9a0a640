using System.Globalization;
using System.Text;

namespace BsdVm.Traces;

/// <summary>Reads the format of /proc/PID/maps, strictly: ascending ranges of whole pages that do not overlap.</summary>
public static class MemoryMapFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="TraceFormatException">It is missing or malformed; the line is named.</exception>
    public static IReadOnlyList<MemoryMapEntry> Read(string path)
    {
        using TraceInput input = TraceInput.Open(path);
        return Read(input);
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="name">How errors call it.</param>
    /// <exception cref="TraceFormatException">It is malformed; the line is named.</exception>
    public static IReadOnlyList<MemoryMapEntry> Parse(string text, string name)
    {
        var entries = new List<MemoryMapEntry>();
        long line = 0;
        foreach (ReadOnlySpan<char> row in text.AsSpan().EnumerateLines())
        {
            line++;
            if (!row.IsWhiteSpace())
            {
                Add(entries, ParseLine(row, name, line), name, line);
            }
        }

        return entries;
    }

    internal static IReadOnlyList<MemoryMapEntry> Read(TraceInput input)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16384];
        for (int count; (count = input.Read(buffer)) > 0;)
        {
            content.Write(buffer.AsSpan(0, count));
        }

        return Parse(Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length), input.Name);
    }

    private static void Add(List<MemoryMapEntry> entries, MemoryMapEntry entry, string name, long line)
    {
        if (entries.Count > 0 && entry.Range.Start <= entries[^1].Range.Last)
        {
            throw TraceFormatException.AtLine(name, line, $"{entry.Range} does not lie above the line before");
        }

        entries.Add(entry);
    }

    private static MemoryMapEntry ParseLine(ReadOnlySpan<char> row, string name, long line)
    {
        ReadOnlySpan<char> rest = row;
        AddressRange range = ParseRange(NextField(ref rest), name, line);
        (Protection protection, bool isShared) = ParseRights(NextField(ref rest), name, line);
        ulong offset = ParseNumber(NextField(ref rest), NumberStyles.AllowHexSpecifier, "offset", name, line);
        ReadOnlySpan<char> device = NextField(ref rest);
        int colon = device.IndexOf(':');
        if (colon < 0)
        {
            throw Bad("device", device, name, line);
        }

        ulong major = ParseNumber(device[..colon], NumberStyles.AllowHexSpecifier, "device", name, line);
        ulong minor = ParseNumber(device[(colon + 1)..], NumberStyles.AllowHexSpecifier, "device", name, line);
        if (major > uint.MaxValue || minor > uint.MaxValue)
        {
            throw Bad("device", device, name, line);
        }

        ulong inode = ParseNumber(NextField(ref rest), NumberStyles.None, "inode", name, line);
        return new MemoryMapEntry(range, protection, isShared, offset, (uint)major, (uint)minor, inode, rest.Trim(' ').ToString());
    }

    private static AddressRange ParseRange(ReadOnlySpan<char> field, string name, long line)
    {
        int dash = field.IndexOf('-');
        if (dash < 0)
        {
            throw Bad("address range", field, name, line);
        }

        ulong start = ParseNumber(field[..dash], NumberStyles.AllowHexSpecifier, "address range", name, line);
        ulong end = ParseNumber(field[(dash + 1)..], NumberStyles.AllowHexSpecifier, "address range", name, line);
        if (start >= end)
        {
            throw TraceFormatException.AtLine(name, line, $"the range {start:x}-{end:x} is empty or backward");
        }

        if (((start | end) & (PageSize.BaseBytes - 1)) != 0)
        {
            throw TraceFormatException.AtLine(name, line, $"the range {start:x}-{end:x} is not of whole pages");
        }

        return AddressRange.FromTo(new VirtualAddress(start), new VirtualAddress(end));
    }

    private static (Protection Protection, bool IsShared) ParseRights(ReadOnlySpan<char> field, string name, long line)
    {
        if (field.Length != 4 || field[0] is not ('r' or '-') || field[1] is not ('w' or '-') || field[2] is not ('x' or '-') ||
            field[3] is not ('p' or 's'))
        {
            throw Bad("rights", field, name, line);
        }

        Protection protection = (field[0] == 'r' ? Protection.Read : 0) | (field[1] == 'w' ? Protection.Write : 0) |
                                (field[2] == 'x' ? Protection.Execute : 0);
        return (protection, field[3] == 's');
    }

    private static ulong ParseNumber(ReadOnlySpan<char> field, NumberStyles style, string what, string name, long line) =>
        ulong.TryParse(field, style, CultureInfo.InvariantCulture, out ulong value) ? value : throw Bad(what, field, name, line);

    private static ReadOnlySpan<char> NextField(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        int end = rest.IndexOf(' ');
        ReadOnlySpan<char> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..];
        return field;
    }

    private static TraceFormatException Bad(string what, ReadOnlySpan<char> field, string name, long line) =>
        TraceFormatException.AtLine(name, line, field.IsEmpty ? $"the {what} is missing" : $"bad {what} {Printable.Quote(field)}");
}
