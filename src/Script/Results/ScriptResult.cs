using System.Globalization;
using System.Text;

namespace BsdVm.Script;

/// <summary>What an operation gave, or must give: a closed set of kinds.</summary>
public abstract record ScriptResult
{
    private protected ScriptResult()
    {
    }

    /// <summary>Success without a value.</summary>
    public static ScriptResult Ok { get; } = new WordResult("ok");

    /// <summary>The process waits for another one.</summary>
    public static ScriptResult Blocked { get; } = new WordResult("blocked");

    /// <summary>The process has been ended by the system.</summary>
    public static ScriptResult Gone { get; } = new WordResult("gone");

    /// <summary>An errno by its symbolic name, or a signal by its name.</summary>
    public static ScriptResult Named(string name) => new WordResult(name);

    /// <summary>What <see cref="FetchOperation"/> gives where the byte is not the one instruction it executes.</summary>
    public static ScriptResult BadByte(byte value) => new WordResult(string.Create(CultureInfo.InvariantCulture, $"BADBYTE:0x{value:x2}"));

    /// <summary>
    /// The result as a transcript prints it behind the line number. More lines than one only for <see cref="RowsResult"/>.
    /// </summary>
    public abstract string ToTranscriptText();

    /// <summary>Whether an operation that gave <paramref name="actual"/> has met this expectation.</summary>
    public virtual bool IsMetBy(ScriptResult actual) => Equals(actual);

    /// <summary>The result as it stands behind <c>==</c> in a script.</summary>
    public virtual string ToExpectationText() => ToTranscriptText();
}

/// <summary>A word: <c>ok</c>, an errno, a signal, <c>blocked</c>, <c>gone</c>, <c>BADBYTE:0xNN</c>.</summary>
/// <param name="Word">The word itself.</param>
public sealed record WordResult(string Word) : ScriptResult
{
    /// <inheritdoc/>
    public override string ToTranscriptText() => Word;
}

/// <summary>A number: an address or a count. They compare as numbers, and a count of rows compares with the rows.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsAddress">Whether it prints in hexadecimal.</param>
public sealed record NumberResult(ulong Value, bool IsAddress) : ScriptResult
{
    /// <inheritdoc/>
    public override string ToTranscriptText() =>
        IsAddress ? NumberText.Hex(Value) : Value.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override bool IsMetBy(ScriptResult actual) => actual switch
    {
        NumberResult number => number.Value == Value,
        RowsResult rows => (ulong)rows.Rows.Count == Value,
        _ => false,
    };
}

/// <summary>Bytes of memory or of a file.</summary>
/// <param name="Bytes">The bytes.</param>
public sealed record BytesResult(ByteString Bytes) : ScriptResult
{
    /// <inheritdoc/>
    public override string ToTranscriptText() => Bytes.ToString();
}

/// <summary>A character <c>0</c> or <c>1</c> a page.</summary>
/// <param name="Bits">The characters, lowest page first.</param>
public sealed record BitsResult(string Bits) : ScriptResult
{
    /// <inheritdoc/>
    public override string ToTranscriptText() => Bits.Length == 0 ? "\"\"" : Bits;
}

/// <summary>The rows of <c>maps</c>.</summary>
/// <param name="Rows">The rows, lowest address first.</param>
public sealed record RowsResult(IReadOnlyList<MapRow> Rows) : ScriptResult
{
    /// <inheritdoc/>
    public override string ToTranscriptText()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Rows.Count}");
        foreach (MapRow row in Rows)
        {
            text.Append("\n  ").Append(row);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToExpectationText() => Rows.Count.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool Equals(RowsResult? other) => other is not null && Rows.SequenceEqual(other.Rows);

    /// <inheritdoc/>
    public override int GetHashCode() => Rows.Count;
}
