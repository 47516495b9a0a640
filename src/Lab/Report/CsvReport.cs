using System.Globalization;

namespace BsdVm.Lab;

/// <summary>Writes figures as CSV: a heading, then a line a row.</summary>
public static class CsvReport
{
    /// <summary>Writes the columns that have a place in CSV, part by part; within a part as they are listed.</summary>
    public static void Write<TRow>(TextWriter output, IEnumerable<Column<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(rows);
        Column<TRow>[] placed = [.. columns.Where(static column => column.Csv != CsvPlace.None).OrderBy(static column => column.Csv)];

        // The parts of a group are the same in all rows: those of the first tell the headings.
        WriteLine(output, placed.SelectMany(column => Headings(column.Heading, rows.Count > 0 ? column.Value(rows[0]) : null)));
        foreach (TRow row in rows)
        {
            WriteLine(output, placed.SelectMany(column => Cells(column.Value(row))));
        }
    }

    private static void WriteLine(TextWriter output, IEnumerable<string> cells) => output.WriteLine(string.Join(',', cells.Select(Quote)));

    private static IEnumerable<string> Headings(string prefix, Figure? figure) => figure is Figure.Group group
        ? group.Parts.SelectMany(part => Headings(Join(prefix, part.Name), part.Value))
        : [prefix];

    // lines and 64 are lines64, enter and count are enterCount.
    private static string Join(string prefix, string name) =>
        prefix.Length == 0 ? name : prefix + char.ToUpperInvariant(name[0]) + name[1..];

    private static IEnumerable<string> Cells(Figure? figure) => figure switch
    {
        null => [""],
        Figure.Count count => [Text(count.Value)],
        Figure.Ratio ratio => [ratio.Value.ToString("0.######", CultureInfo.InvariantCulture)],
        Figure.Words words => [words.Value],
        Figure.Flag flag => [flag.Value ? "true" : "false"],
        Figure.Series series => [string.Join(' ', series.Values.Select(Text))],
        Figure.Counts counts => [string.Join(' ', counts.Values.Select(static pair => $"{pair.Key}:{Text(pair.Value)}"))],
        Figure.Group group => group.Parts.SelectMany(static part => Cells(part.Value)),
        _ => throw new ArgumentException($"no cell of CSV for a {figure.GetType().Name}", nameof(figure)),
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
