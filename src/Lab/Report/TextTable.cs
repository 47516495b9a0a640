using System.Globalization;

namespace BsdVm.Lab;

/// <summary>A table for people: columns as wide as their widest cell, numbers to the right.</summary>
public sealed class TextTable
{
    private readonly List<string[]> _rows = [];

    /// <summary>A table without rows.</summary>
    /// <param name="heads">The headings.</param>
    public TextTable(params string[] heads) => _rows.Add(heads);

    /// <summary>Adds a row, a cell for each heading.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="indent">What stands before each row.</param>
    public void Write(TextWriter output, string indent = "")
    {
        ArgumentNullException.ThrowIfNull(output);
        int[] widths = [.. Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length))];
        bool[] isNumber = [.. Enumerable.Range(0, _rows[0].Length).Select(IsNumber)];
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                isNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine((indent + string.Join("  ", cells)).TrimEnd());
        }
    }

    private bool IsNumber(int column) => _rows.Count > 1 && _rows.Skip(1).All(row =>
        row[column].Length == 0 || double.TryParse(row[column], CultureInfo.InvariantCulture, out _));
}
