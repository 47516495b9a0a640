using System.Globalization;

namespace BsdVm.Script.Tests;

/// <summary>
/// Transcripts as text. A real kernel's are merged like ours before they are compared: neighbouring private rows that print alike and
/// whose offsets meet become one. Rows of shared anonymous memory do not tell their object, so they stay as they are.
/// </summary>
internal static class TranscriptText
{
    public static string Coalesce(IEnumerable<string> lines)
    {
        List<string> merged = [];
        List<MapRow> rows = [];
        foreach (string line in lines.Append(""))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                rows.Add(Row(line.Trim(), rows.Count));
                continue;
            }

            Flush(merged, rows);
            merged.Add(line);
        }

        return string.Join('\n', merged).TrimEnd('\n');
    }

    private static void Flush(List<string> merged, List<MapRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        string line = merged[^1];
        merged.RemoveAt(merged.Count - 1);
        string number = line[..line.IndexOf(' ', StringComparison.Ordinal)];
        merged.AddRange($"{number} {new RowsResult(MapRow.Coalesce(rows)).ToTranscriptText()}".Split('\n'));
        rows.Clear();
    }

    private static MapRow Row(string text, int index)
    {
        string[] parts = text.Split(' ', '-', '@');
        string rights = text.Split(' ')[1];
        bool shared = text.Split(' ')[2] == "shared";
        string source = text.Split(' ')[3];
        bool anonymous = source == "anon";
        return new MapRow(
            ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            (rights[0] == 'r' ? Protection.Read : 0)
                | (rights[1] == 'w' ? Protection.Write : 0)
                | (rights[2] == 'x' ? Protection.Execute : 0),
            shared,
            anonymous ? null : source["file:".Length..source.IndexOf('@', StringComparison.Ordinal)],
            anonymous ? 0 : Convert.ToUInt64(source[(source.IndexOf('@', StringComparison.Ordinal) + 1)..], 16),
            anonymous && shared ? index + 1 : 0);
    }
}
