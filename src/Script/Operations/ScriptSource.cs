namespace BsdVm.Script;

/// <summary>What a mapping shows: memory that starts as zeros, or a file.</summary>
/// <param name="File">The file's name; null for anonymous memory.</param>
/// <param name="Offset">The file offset of the first byte.</param>
/// <param name="ReadOnly">Whether the file is opened for reading only.</param>
public sealed record ScriptSource(string? File, ulong Offset = 0, bool ReadOnly = false)
{
    /// <summary>Anonymous memory.</summary>
    public static ScriptSource Anonymous { get; } = new((string?)null);

    /// <summary><c>anon</c> or <c>file:NAME@OFFSET[:ro]</c>.</summary>
    public override string ToString() =>
        File is null ? "anon" : $"file:{File}@{NumberText.Hex(Offset)}{(ReadOnly ? ":ro" : "")}";

    internal static bool TryParse(ref LineCursor line, out ScriptSource source)
    {
        source = Anonymous;
        if (!line.TryWord("SOURCE", out string word) || word == "anon")
        {
            return line.Failure is null;
        }

        const string Prefix = "file:";
        const string Suffix = ":ro";
        int at = word.IndexOf('@', StringComparison.Ordinal);
        if (!word.StartsWith(Prefix, StringComparison.Ordinal) || at < 0)
        {
            return line.Fail($"SOURCE '{LineCursor.Cut(word)}' is neither anon nor file:NAME@OFFSET");
        }

        bool readOnly = word.EndsWith(Suffix, StringComparison.Ordinal);
        string name = word[Prefix.Length..at];
        string offsetText = word[(at + 1)..(readOnly ? word.Length - Suffix.Length : word.Length)];
        if (!Arguments.IsName(name))
        {
            return line.Fail(Arguments.NotAName("file", name));
        }

        if (!NumberText.TryParse(offsetText, out ulong offset, out string problem))
        {
            return line.Fail($"OFFSET '{LineCursor.Cut(offsetText)}' {problem}");
        }

        source = new ScriptSource(name, offset, readOnly);
        return true;
    }
}
