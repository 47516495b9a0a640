using System.Text.Json.Nodes;

namespace BsdVm.Lab;

/// <summary>Writes figures as JSON.</summary>
public static class JsonReport
{
    /// <summary>Adds every column's value for a row under its id, in the object of its section.</summary>
    public static void AddTo<TRow>(JsonObject target, IEnumerable<Column<TRow>> columns, TRow row)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(columns);
        foreach (Column<TRow> column in columns.Where(static column => column.IsInJson))
        {
            if (column.Value(row) is { } value)
            {
                SectionOf(target, column.Section)[column.Id] = Node(value);
            }
        }
    }

    /// <summary>The values of a row, each under its column's id, for a column that has rows of its own.</summary>
    public static Figure.Group GroupOf<TRow>(IEnumerable<Column<TRow>> columns, TRow row) =>
        new([.. columns
            .Select(column => (column.Id, Value: column.Value(row)))
            .Where(static part => part.Value is not null)
            .Select(static part => (part.Id, part.Value!))]);

    private static JsonObject SectionOf(JsonObject target, string section)
    {
        if (section.Length == 0)
        {
            return target;
        }

        if (target[section] is not JsonObject inner)
        {
            inner = [];
            target[section] = inner;
        }

        return inner;
    }

    private static JsonNode Node(Figure figure) => figure switch
    {
        Figure.Count count => count.Value,
        Figure.Ratio ratio => Math.Round(ratio.Value, 6),
        Figure.Words words => words.Value,
        Figure.Flag flag => flag.Value,
        Figure.Series series => new JsonArray([.. series.Values.Select(static value => JsonValue.Create(value))]),
        Figure.Counts counts => Object(counts.Values.Select(static pair => (pair.Key, (JsonNode)pair.Value))),
        Figure.Group group => Object(group.Parts.Select(static part => (part.Name, Node(part.Value)))),
        Figure.Rows rows => new JsonArray([.. rows.Values.Select(Node)]),
        _ => throw new ArgumentException($"no JSON for a {figure.GetType().Name}", nameof(figure)),
    };

    private static JsonObject Object(IEnumerable<(string Name, JsonNode Value)> parts) =>
        new(parts.Select(static part => KeyValuePair.Create(part.Name, (JsonNode?)part.Value)));
}
