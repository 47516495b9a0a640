using BsdVm.Posix;

namespace BsdVm.Script;

/// <summary>Reads what stands behind <c>==</c>.</summary>
internal static class ResultParser
{
    private static readonly HashSet<string> Signals = ["SIGSEGV", "SIGBUS", "SIGKILL"];

    public static bool TryParse(ref LineCursor line, ResultShape shape, out ScriptResult? result)
    {
        result = null;
        if (line.AtQuote)
        {
            return TryQuoted(ref line, shape, out result);
        }

        if (!line.TryWord("RESULT", out string word))
        {
            return false;
        }

        if (IsKnownWord(word))
        {
            result = ScriptResult.Named(word);
            return true;
        }

        return TryValue(ref line, shape, word, out result);
    }

    private static bool TryQuoted(ref LineCursor line, ResultShape shape, out ScriptResult? result)
    {
        bool ok = line.TryString("RESULT", out ByteString bytes);
        result = shape == ResultShape.Bits ? new BitsResult("") : new BytesResult(bytes);
        return ok && shape switch
        {
            ResultShape.Bytes => true,
            ResultShape.Bits when bytes.Length == 0 => true,
            ResultShape.Bits => line.Fail("mincore gives its characters 0 and 1 without quotes (\"\" if there are none)"),
            _ => line.Fail("only load and file.read give a string"),
        };
    }

    private static bool TryValue(ref LineCursor line, ResultShape shape, string word, out ScriptResult? result)
    {
        result = null;
        if (shape == ResultShape.Bits && word.AsSpan().IndexOfAnyExcept('0', '1') < 0)
        {
            result = new BitsResult(word);
            return true;
        }

        if (shape == ResultShape.Plain && NumberText.TryParse(word, out ulong number, out _))
        {
            result = new NumberResult(number, word.StartsWith("0x", StringComparison.OrdinalIgnoreCase));
            return true;
        }

        string value = shape switch
        {
            ResultShape.Bytes => "bytes (in double quotes)",
            ResultShape.Bits => "characters 0 and 1",
            _ => "a number",
        };
        return line.Fail($"RESULT '{LineCursor.Cut(word)}' is neither {value} nor ok, blocked, gone, BADBYTE:0xNN, an errno or one of "
            + string.Join(", ", Signals));
    }

    private static bool IsKnownWord(string word) =>
        word is "ok" or "blocked" or "gone" || Signals.Contains(word) || ErrnoNames.IsName(word) || word == "ENOTSUP" || IsBadByte(word);

    private static bool IsBadByte(string word) =>
        word.Length == 12
        && word.StartsWith("BADBYTE:0x", StringComparison.Ordinal)
        && char.IsAsciiHexDigitLower(word[10])
        && char.IsAsciiHexDigitLower(word[11]);
}
