using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BsdVm.X86;

namespace BsdVm.Lab.Tests;

/// <summary>Text, CSV and JSON of a comparison tell the same, figure by figure, because they are written from the same columns.</summary>
public class CompareReportTests
{
    // Figures of every kind that nobody has thought of: each writer must show them without knowing them.
    private static readonly Column<StructureSummary>[] Added =
    [
        new("nameLength", "letters of the name", "letters", static each => each.Name.Length) { Text = new("walks", 90, "letters") },
        new("halfWalks", "half of the walks", "walks", static each => each.Walks / 2.0) { Text = new("walks", 91, "half", "0.0") },
        new("pair", "a list", "bytes", static each => new Figure.Series([each.Walks, 7]))
        {
            Text = new("walks", 92, "pair"),
            Csv = CsvPlace.LaterList,
        },
        new("parts", "a group", "walks", static each => new Figure.Group([("all", each.Walks), ("none", 0L)]))
        {
            Text = new("walks", 93, "all", Part: "all"),
        },
    ];

    private static readonly CompareResult Result = Compare();

    public static TheoryData<string> StructureFigures => [.. StructureColumns.All.Concat(Added).Select(static column => column.Id)];

    public static TheoryData<string> RunFigures => [.. RunColumns.With(StructureColumns.All).Select(NameOf)];

    [Theory]
    [MemberData(nameof(StructureFigures))]
    public void A_figure_of_a_structure_is_the_same_in_all_three(string id)
    {
        CompareReport report = new() { StructureColumns = [.. StructureColumns.All, .. Added] };
        Column<StructureSummary> column = report.StructureColumns.Single(each => each.Id == id);
        JsonArray structures = Json(report)["runs"]![0]!["structures"]!.AsArray();
        List<Dictionary<string, string>> lines = Csv(report);
        for (int row = 0; row < structures.Count; row++)
        {
            JsonNode value = structures[row]![id]!;
            bool isGroup = column.Value(Result.Runs[0].Structures[row]) is Figure.Group;
            (string Heading, string Cell)[] cells = [.. CellsOf(column.Heading, value, isGroup)];
            Assert.NotEmpty(cells);
            Assert.All(cells, cell => Assert.Equal((cell.Heading, cell.Cell), (cell.Heading, lines[row][cell.Heading])));
            if (column.Text is { } place)
            {
                JsonNode shown = place.Part is { } part ? value[part]! : value;
                string? told = InTable(report, structures[row]!["name"]!.GetValue<string>(), place.Head);

                // Trees have no line in the table of hash tables.
                Assert.Equal(place.Table == "hashes" && structures[row]!["buckets"]!.GetValue<long>() == 0, told is null);
                Assert.Equal(told is null ? null : TextOf(shown, place.Format), told);
            }
        }
    }

    [Theory]
    [MemberData(nameof(RunFigures))]
    public void A_figure_of_a_run_is_the_same_where_it_is_shown(string name)
    {
        CompareReport report = new();
        Column<CompareRun> column = RunColumns.With(StructureColumns.All).Single(each => NameOf(each) == name);
        JsonNode run = Json(report)["runs"]![0]!;
        JsonNode? value = (column.Section.Length == 0 ? run : run[column.Section]!)[column.Id];
        Figure? figure = column.Value(Result.Runs[0]);
        Assert.Equal(column.IsInJson && figure is not null, value is not null);
        if (column.Csv != CsvPlace.None)
        {
            Assert.All(Csv(report), line => Assert.Equal(CellsOf(column.Id, value!, isGroup: false).Single().Cell, line[column.Heading]));
        }
    }

    [Fact]
    public void Every_figure_that_is_counted_has_a_column()
    {
        Assert.Equal(Named<StructureSummary>(), StructureColumns.All.Select(static column => column.Id).Order(StringComparer.Ordinal));
        IReadOnlyList<Column<CompareRun>> runs = RunColumns.With(StructureColumns.All);
        IEnumerable<string> In(string section) =>
            runs.Where(column => column.Section == section && column.IsInJson).Select(static column => column.Id).Order(
                StringComparer.Ordinal);
        Assert.Equal(Named<TraceSummary>(), In("trace"));
        Assert.Equal(Named<TlbSummary>(), In("tlb"));
        Assert.Equal(Named<FaultSummary>(), In("faults"));
        Assert.Equal(Named<TimeSummary>(), In("time"));
        Assert.Equal(
            Named<CostModel>(), Json(new())["costModel"]!.AsObject().Select(static pair => pair.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_the_time_all_but_the_time_is_told()
    {
        CompareReport report = new() { HasTime = false };
        Assert.Equal(
            ["trace", "tlb", "faults", "frames", "structures"], Json(report)["runs"]![0]!.AsObject().Select(static pair => pair.Key));
        Assert.DoesNotContain("accesses a second", Text(report), StringComparison.Ordinal);
        Assert.Contains("  2.00 s, of it 1.00 s reading; 0.0 million accesses a second", Text(new()), StringComparison.Ordinal);
        Assert.Equal(Csv(report), Csv(new()));
    }

    [Fact]
    public void A_sentence_without_its_figure_is_an_error() => Assert.Throws<ArgumentException>(
        () => TextReport.Sentence("{walkss}", StructureColumns.All, Result.Runs[0].Structures[0]));

    private static string NameOf(Column<CompareRun> column) => $"{column.Section}.{column.Id}";

    private static IEnumerable<string> Named<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Select(static property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order(StringComparer.Ordinal);

    // A tree with walk caches and large pages, hash tables with chains, a structure that was folded.
    private static CompareResult Compare()
    {
        CompareRun run = Structures.Run(
            WordTrace.Input(WordTrace.Random(3, 2000, kindByPage: false)),
            [X86Backends.FourLevel, Structures.Named("mips-hashed"), Structures.Named("cuckoo"), X86Backends.TwoLevel],
            "l1=16x4,l2=64x4,walk=8+4+2",
            fold: true);
        return new([run with { Time = new(1, 1, 1000.5) }], CostModel.Default);
    }

    private static JsonObject Json(CompareReport report)
    {
        var document = new JsonObject();
        report.AddTo(document, Result);
        return document;
    }

    private static string Text(CompareReport report)
    {
        using var text = new StringWriter { NewLine = "\n" };
        report.WriteText(text, Result);
        return text.ToString();
    }

    private static List<Dictionary<string, string>> Csv(CompareReport report)
    {
        using var text = new StringWriter { NewLine = "\n" };
        report.WriteCsv(text, Result);
        string[][] lines = [.. text.ToString().TrimEnd('\n').Split('\n').Select(static line => line.Split(','))];
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        return [.. lines.Skip(1).Select(line => lines[0].Zip(line).ToDictionary(static pair => pair.First, static pair => pair.Second))];
    }

    // What stands in CSV for a value of JSON.
    private static IEnumerable<(string Heading, string Cell)> CellsOf(string heading, JsonNode value, bool isGroup) => value switch
    {
        JsonArray list => [(heading, string.Join(' ', list.Select(static each => each!.ToJsonString())))],
        JsonObject parts when isGroup => parts.SelectMany(part => CellsOf(
            heading.Length == 0
                ? part.Key
                : heading + part.Key[..1].ToUpperInvariant() + part.Key[1..], part.Value!, part.Value is JsonObject)),
        JsonObject pairs => [(heading, string.Join(' ', pairs.Select(static pair => $"{pair.Key}:{pair.Value!.ToJsonString()}")))],
        _ => [(heading, value.ToString())],
    };

    private static string TextOf(JsonNode value, string? format) => value switch
    {
        JsonArray list => string.Join(' ', list.Select(static each => each!.ToJsonString())),
        _ => format is null
            ? value.ToJsonString()
            : value.GetValue<double>().ToString(format, System.Globalization.CultureInfo.InvariantCulture),
    };

    // The cell of a table of the text, or null where the table leaves the structure out; cells are two spaces apart.
    private static string? InTable(CompareReport report, string structure, string head)
    {
        string[] lines = Text(report).Split('\n');
        int heads = Array.FindIndex(lines, line => Cells(line).Contains(head));
        Assert.True(heads >= 0, $"no column {head}");
        foreach (string line in lines.Skip(heads + 1).TakeWhile(static line => line.Length > 0))
        {
            string[] cells = Cells(line);
            if (cells[0] == structure || cells[0] == structure + " (folded)")
            {
                int at = Array.IndexOf(Cells(lines[heads]), head);
                return at < cells.Length ? cells[at] : "";
            }
        }

        return null;
    }

    private static string[] Cells(string line) => Regex.Split(line.Trim(), "  +");
}
