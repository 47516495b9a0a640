using System.Text;

namespace BsdVm.Traces;

/// <summary>Shows a piece of an input file in an error message: one line, printable, not long.</summary>
internal static class Printable
{
    private const int Longest = 60;

    public static string Quote(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder("'");
        foreach (char c in text[..Math.Min(text.Length, Longest)])
        {
            shown.Append(c is >= ' ' and < (char)127 ? c : '?');
        }

        return shown.Append(text.Length > Longest ? "...'" : "'").ToString();
    }

    public static string Quote(ReadOnlySpan<byte> text)
    {
        Span<char> chars = stackalloc char[Longest + 1];
        int count = Math.Min(text.Length, chars.Length);
        for (int i = 0; i < count; i++)
        {
            chars[i] = (char)text[i];
        }

        return Quote(chars[..count]);
    }
}
