using System.Text.Json.Nodes;

namespace BsdVm.Lab;

/// <summary>Writes a comparison as text, CSV or JSON, all from the same columns.</summary>
public sealed class CompareReport
{
    /// <summary>The figures of each structure.</summary>
    public IReadOnlyList<Column<StructureSummary>> StructureColumns { get; init; } = Lab.StructureColumns.All;

    /// <summary>Whether it tells what the host needed, which is not the same each time.</summary>
    public bool HasTime { get; init; } = true;

    private IReadOnlyList<Column<CompareRun>> Runs =>
        [.. RunColumns.With(StructureColumns).Where(column => HasTime || column.Section != RunColumns.Time)];

    /// <summary>Adds <c>runs</c> and <c>costModel</c> to a document.</summary>
    public void AddTo(JsonObject document, CompareResult result)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(result);
        IReadOnlyList<Column<CompareRun>> columns = Runs;
        var runs = new JsonArray();
        foreach (CompareRun run in result.Runs)
        {
            var each = new JsonObject();
            JsonReport.AddTo(each, columns, run);
            runs.Add((JsonNode)each);
        }

        var cost = new JsonObject();
        JsonReport.AddTo(cost, CostModel.Columns, result.CostModel);
        document["runs"] = runs;
        document["costModel"] = cost;
    }

    /// <summary>Writes a line a structure and trace.</summary>
    public void WriteCsv(TextWriter output, CompareResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        (CompareRun Run, StructureSummary Structure)[] rows =
            [.. result.Runs.SelectMany(static run => run.Structures.Select(structure => (run, structure)))];
        CsvReport.Write(
            output,
            [
                .. Runs.Select(static column => column.Of<(CompareRun Run, StructureSummary Structure)>(static row => row.Run)),
                .. StructureColumns.Select(static column =>
                    column.Of<(CompareRun Run, StructureSummary Structure)>(static row => row.Structure)),
            ],
            rows);
    }

    /// <summary>Writes it for people.</summary>
    public void WriteText(TextWriter output, CompareResult result)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(result);
        var text = new CompareText(output, Runs, StructureColumns);
        foreach (CompareRun run in result.Runs)
        {
            text.Write(run, HasTime);
        }

        output.WriteLine(TextReport.Sentence(CostModel.Sentence, CostModel.Columns, result.CostModel));
    }
}
