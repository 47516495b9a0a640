namespace BsdVm.Views;

/// <summary>A table for people: columns as wide as their widest cell, numbers to the right.</summary>
internal sealed class Table
{
    private readonly List<string[]> _rows = [];

    public Table(params string[] heads) => _rows.Add(heads);

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output, string indent = "")
    {
        int[] widths = [.. Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select(
                (cell, column) => IsNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine((indent + string.Join("  ", cells)).TrimEnd());
        }
    }

    private bool IsNumber(int column) =>
        _rows.Count > 1 && _rows.Skip(1).All(row => row[column].Length == 0 || double.TryParse(row[column], out _));
}
