namespace BsdVm.Architecture.Tests;

/// <summary>A file is read in one go and a line without scrolling.</summary>
public class SourceFileTests
{
    private const int MostLines = 280;
    private const int MostColumns = 140;

    [Fact]
    public void No_source_file_is_longer_than_280_lines() =>
        Offenders.AreNone(Repository.Sources.Select(static path => (Path: path, Lines: File.ReadLines(path).Count()))
            .Where(static file => file.Lines > MostLines)
            .Select(static file => $"{Repository.Relative(file.Path)}: {file.Lines} lines"));

    [Fact]
    public void No_line_is_wider_than_140_columns() =>
        Offenders.AreNone(Repository.Sources.SelectMany(static path => File.ReadLines(path)
            .Select((text, index) => (Columns: text.Length, Place: $"{Repository.Relative(path)}:{index + 1}"))
            .Where(static line => line.Columns > MostColumns)
            .Select(static line => $"{line.Place}: {line.Columns} columns")));

    [Fact]
    public void The_sources_are_found() => Assert.Contains(Path.Combine(Repository.Root, "src", "Machine", "Cpu.cs"), Repository.Sources);
}
