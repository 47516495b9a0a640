using System.Globalization;

namespace BsdVm.Traces;

/// <summary>
/// Parses what valgrind prints between the parentheses of a call: numbers decimal or hexadecimal, a pointer to a string with the string
/// in parentheses behind it. Source: the PRINT lines of valgrind 3.19's syscall wrappers.
/// </summary>
internal static class CallArguments
{
    private const int MostArguments = 6;

    /// <summary>Parses the arguments that follow the first opening parenthesis.</summary>
    /// <param name="text">The line from the call's name on.</param>
    /// <param name="isFirstHex">Whether the first number is hexadecimal although nothing marks it.</param>
    /// <param name="quoted">The first string in parentheses, or null.</param>
    public static ulong[] Parse(string text, bool isFirstHex, out string? quoted)
    {
        quoted = null;
        var arguments = new List<ulong>(MostArguments);
        int position = text.IndexOf('(', StringComparison.Ordinal) + 1;
        while (position > 0 && arguments.Count < MostArguments)
        {
            while (position < text.Length && text[position] is ' ' or ',')
            {
                position++;
            }

            int start = position;
            while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '-'))
            {
                position++;
            }

            if (!TryNumber(text.AsSpan(start, position - start), isFirstHex && arguments.Count == 0, out ulong value))
            {
                break;
            }

            arguments.Add(value);
            if (position < text.Length && text[position] == '(')
            {
                int end = EndOfString(text, position + 1);
                quoted ??= text[(position + 1)..end];
                position = Math.Min(end + 1, text.Length);
            }
        }

        return [.. arguments];
    }

    /// <summary>Parses a number: <c>0x1f</c>, <c>-1</c>, <c>4096</c>, or <c>4a29740</c>, which only its letters give away.</summary>
    public static bool TryNumber(ReadOnlySpan<char> token, bool isHex, out ulong value)
    {
        if (token.StartsWith("0x", StringComparison.Ordinal))
        {
            return ulong.TryParse(token[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        if (token.StartsWith('-') && long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long negative))
        {
            value = unchecked((ulong)negative);
            return true;
        }

        return (!isHex && ulong.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out value)) ||
               ulong.TryParse(token, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>
    /// A string may hold parentheses itself: it ends at the first one that the next argument or the end of the list follows.
    /// </summary>
    private static int EndOfString(string text, int start)
    {
        for (int end = text.IndexOf(')', start); end >= 0; end = text.IndexOf(')', end + 1))
        {
            ReadOnlySpan<char> rest = text.AsSpan(end + 1).TrimStart(' ');
            if (rest.StartsWith(')')
                || (rest.StartsWith(", ", StringComparison.Ordinal) && rest.Length > 2 && (char.IsAsciiDigit(rest[2]) || rest[2] == '-')))
            {
                return end;
            }
        }

        return text.Length - 1 < start ? start : text.Length - 1;
    }
}
