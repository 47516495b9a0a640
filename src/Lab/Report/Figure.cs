namespace BsdVm.Lab;

/// <summary>The value of a figure. Its kind says how each writer shows it.</summary>
public abstract record Figure
{
    private Figure()
    {
    }

    /// <summary>A whole number.</summary>
    public static implicit operator Figure(long value) => new Count(value);

    /// <summary>A number with a fraction.</summary>
    public static implicit operator Figure(double value) => new Ratio(value);

    /// <summary>A word or a sentence.</summary>
    public static implicit operator Figure(string value) => new Words(value);

    /// <summary>Yes or no.</summary>
    public static implicit operator Figure(bool value) => new Flag(value);

    /// <summary>A whole number.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Count(long Value) : Figure;

    /// <summary>A number with a fraction; JSON and CSV round it to six digits behind the point.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Ratio(double Value) : Figure;

    /// <summary>A word or a sentence.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Words(string Value) : Figure;

    /// <summary>Yes or no.</summary>
    /// <param name="Value">Which.</param>
    public sealed record Flag(bool Value) : Figure;

    /// <summary>Numbers in an order that has a meaning, such as levels: one cell of CSV, separated by spaces.</summary>
    /// <param name="Values">The numbers.</param>
    public sealed record Series(IReadOnlyList<long> Values) : Figure;

    /// <summary>
    /// Numbers by names that follow from the data, such as lengths: one cell of CSV, <c>name:number</c> separated by spaces.
    /// </summary>
    /// <param name="Values">The numbers by name, in the order in which they are shown.</param>
    public sealed record Counts(IReadOnlyDictionary<string, long> Values) : Figure;

    /// <summary>Figures by names that are always the same: each has cells of CSV of its own.</summary>
    /// <param name="Parts">The figures, in order.</param>
    public sealed record Group(IReadOnlyList<(string Name, Figure Value)> Parts) : Figure
    {
        /// <summary>The part with a name; null if there is none.</summary>
        public Figure? this[string name] => Parts.FirstOrDefault(part => part.Name == name).Value;
    }

    /// <summary>As many groups as there are things to tell about. CSV leaves them out.</summary>
    /// <param name="Values">The groups.</param>
    public sealed record Rows(IReadOnlyList<Group> Values) : Figure;
}
