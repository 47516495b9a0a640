using System.Globalization;

namespace BsdVm.Lab;

/// <summary>Writes figures for people: sentences with figures in them, and tables.</summary>
public static class TextReport
{
    /// <summary>The format that shows bytes as KB.</summary>
    public const string Kilobytes = "KB";

    /// <summary>
    /// Puts figures into a sentence. <c>{id}</c> or <c>{id:format}</c> stands for the value of the column with that id, <c>{section.id}</c>
    /// for one of a section; the format is a number's.
    /// </summary>
    /// <exception cref="ArgumentException">No column has such an id, or the row has no such figure.</exception>
    public static string Sentence<TRow>(string template, IReadOnlyList<Column<TRow>> columns, TRow row)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return Fill(template, name => columns.FirstOrDefault(column => NameOf(column) == name)?.Value(row));
    }

    /// <summary>The same with the parts of a group.</summary>
    public static string Sentence(string template, Figure.Group group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return Fill(template, name => group[name]);
    }

    /// <summary>A table of the columns that have a cell in it.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="head">The heading of the first column.</param>
    /// <param name="label">What stands in it.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows.</param>
    public static TextTable Table<TRow>(
        string table, string head, Func<TRow, string> label, IEnumerable<Column<TRow>> columns, IEnumerable<TRow> rows)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(rows);
        Column<TRow>[] placed = [.. columns.Where(column => column.Text?.Table == table).OrderBy(static column => column.Text!.Position)];
        var text = new TextTable([.. placed.Select(static column => column.Text!.Head).Prepend(head)]);
        foreach (TRow row in rows)
        {
            text.Add([.. placed.Select(column => Cell(column, row)).Prepend(label(row))]);
        }

        return text;
    }

    /// <summary>One value as text.</summary>
    /// <param name="figure">The value.</param>
    /// <param name="format">
    /// A number's format, or <see cref="Kilobytes"/>; null for none. For numbers by name, what stands between the two follows: <c>N0 of
    /// </c>.
    /// </param>
    public static string Text(Figure figure, string? format = null) => figure switch
    {
        Figure.Count count when format == Kilobytes => (count.Value >> 10).ToString("N0", CultureInfo.InvariantCulture) + " KB",
        Figure.Count count => count.Value.ToString(format, CultureInfo.InvariantCulture),
        Figure.Ratio ratio => ratio.Value.ToString(format, CultureInfo.InvariantCulture),
        Figure.Words words => words.Value,
        Figure.Flag flag => flag.Value ? "yes" : "no",
        Figure.Series series => string.Join(' ', series.Values.Select(value => value.ToString(format, CultureInfo.InvariantCulture))),
        Figure.Counts counts => string.Join(", ", counts.Values.Select(pair => Pair(pair.Key, pair.Value, format ?? "D "))),
        _ => throw new ArgumentException($"no text for a {figure.GetType().Name}", nameof(figure)),
    };

    private static string Pair(string name, long number, string format)
    {
        int space = format.IndexOf(' ', StringComparison.Ordinal);
        return number.ToString(format[..space], CultureInfo.InvariantCulture) + format[space..] + name;
    }

    private static string Cell<TRow>(Column<TRow> column, TRow row)
    {
        Figure? value = column.Value(row);
        if (column.Text!.Part is { } part)
        {
            value = (value as Figure.Group)?[part];
        }

        return value is null ? "" : Text(value, column.Text.Format);
    }

    private static string NameOf<TRow>(Column<TRow> column) => column.Section.Length == 0 ? column.Id : $"{column.Section}.{column.Id}";

    private static string Fill(string template, Func<string, Figure?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(template);
        var text = new System.Text.StringBuilder();
        int at = 0;
        for (int open = template.IndexOf('{', at); open >= 0; open = template.IndexOf('{', at))
        {
            int close = template.IndexOf('}', open);
            string[] parts = template[(open + 1)..close].Split(':', 2);
            Figure value = valueOf(parts[0]) ?? throw new ArgumentException($"no figure {parts[0]}", nameof(template));
            text.Append(template, at, open - at).Append(Text(value, parts.Length > 1 ? parts[1] : null));
            at = close + 1;
        }

        return text.Append(template, at, template.Length - at).ToString();
    }
}
