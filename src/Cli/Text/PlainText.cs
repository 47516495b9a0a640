using System.Buffers;
using System.Text;

namespace BsdVm.Cli;

/// <summary>Text that may hold anything, made safe to print: what a terminal would obey or hide is written as in a JSON string.</summary>
internal static class PlainText
{
    // Controls of both sets, line and paragraph separators, and what turns the direction of writing.
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(static c => c is not ('\n' or '\t')).Concat(Enumerable.Range(0x7f, 0x21))
            .Concat(Enumerable.Range(0x2028, 7)).Concat(Enumerable.Range(0x2066, 4)).Select(static c => (char)c)]);

    /// <summary>Whether it may be printed as it is.</summary>
    public static bool IsSafe(ReadOnlySpan<char> text) => !text.ContainsAny(Unsafe);

    /// <summary>The text with every unsafe character written out; line ends stay.</summary>
    public static string Escape(ReadOnlySpan<char> text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (char each in text)
        {
            if (Unsafe.Contains(each))
            {
                safe.Append($"\\u{(int)each:x4}");
            }
            else
            {
                safe.Append(each);
            }
        }

        return safe.ToString();
    }

    /// <summary>The text as one line.</summary>
    public static string Line(string text) => Escape(text.ReplaceLineEndings("\n")).Replace("\n", "\\n", StringComparison.Ordinal);
}
