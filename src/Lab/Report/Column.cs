namespace BsdVm.Lab;

/// <summary>A figure of a report, declared once: text, CSV and JSON take its name and its value from here.</summary>
/// <param name="Id">The key in JSON, in camel case.</param>
/// <param name="Title">What it is, for a list of figures.</param>
/// <param name="Unit">The unit of its numbers; empty for names.</param>
/// <param name="Value">The value for a row; null leaves it out of JSON and its cell of CSV empty.</param>
/// <typeparam name="TRow">What a row of the report tells about.</typeparam>
public sealed record Column<TRow>(string Id, string Title, string Unit, Func<TRow, Figure?> Value)
{
    /// <summary>The object in JSON that it is part of; empty for the row's own.</summary>
    public string Section { get; init; } = "";

    /// <summary>Where it stands in a line of CSV.</summary>
    public CsvPlace Csv { get; init; } = CsvPlace.Figure;

    /// <summary>The heading in CSV, before the names of a group's parts; <see cref="Id"/> if not set.</summary>
    public string Heading { get => field ?? Id; init; }

    /// <summary>Its column in a table of the text; null if the text has it in a sentence, or not at all.</summary>
    public TextCell? Text { get; init; }

    /// <summary>Whether JSON has it; a sum of two other figures can be for readers of the text alone.</summary>
    public bool IsInJson { get; init; } = true;

    /// <summary>The same figure for rows that have a <typeparamref name="TRow"/> in them.</summary>
    public Column<TOuter> Of<TOuter>(Func<TOuter, TRow> part) => new(Id, Title, Unit, row => Value(part(row)))
    {
        Section = Section,
        Csv = Csv,
        Heading = Heading,
        Text = Text,
        IsInJson = IsInJson,
    };
}

/// <summary>The parts of a line of CSV, first to last. A new figure goes to the end of its part.</summary>
public enum CsvPlace
{
    /// <summary>CSV does not have it.</summary>
    None,

    /// <summary>What tells the row from others.</summary>
    Label,

    /// <summary>How large the run is.</summary>
    Extent,

    /// <summary>Most figures.</summary>
    Figure,

    /// <summary>Costs by kind of operation.</summary>
    Operation,

    /// <summary>Lists as text.</summary>
    List,

    /// <summary>Lists that came to the format later.</summary>
    LaterList,
}

/// <summary>A column in a table of the text.</summary>
/// <param name="Table">The name of the table.</param>
/// <param name="Position">Columns of a table stand in the order of this number.</param>
/// <param name="Head">The heading.</param>
/// <param name="Format">A number format of .NET; null shows the value as it is.</param>
/// <param name="Part">Of a group, the part that is shown.</param>
public sealed record TextCell(string Table, int Position, string Head, string? Format = null, string? Part = null);
