using System.Globalization;

namespace BsdVm.Script;

/// <summary>Numbers of the language: decimal or <c>0x</c> hexadecimal, a suffix, sums. All arithmetic is exact in 64 bits.</summary>
internal static class NumberText
{
    /// <summary>Reads a sum such as <c>0x10000000+2p</c>. On failure <paramref name="problem"/> says what is wrong with it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value, out string problem)
    {
        value = 0;
        problem = "";
        foreach (Range part in text.Split('+'))
        {
            if (!TryTerm(text[part], out ulong term, out problem))
            {
                return false;
            }

            if (value > ulong.MaxValue - term)
            {
                problem = "does not fit in 64 bits";
                return false;
            }

            value += term;
        }

        return true;
    }

    /// <summary>An address, or another number best read in hexadecimal.</summary>
    public static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>A length: in pages where it is whole pages, else in bytes.</summary>
    public static string Length(ulong lengthBytes) =>
        lengthBytes != 0 && PageSize.Base.Divides(lengthBytes)
            ? string.Create(CultureInfo.InvariantCulture, $"{lengthBytes / PageSize.BaseBytes}p")
            : lengthBytes.ToString(CultureInfo.InvariantCulture);

    private static bool TryTerm(ReadOnlySpan<char> text, out ulong value, out string problem)
    {
        value = 0;
        int shift = text.IsEmpty ? 0 : SuffixShift(text[^1]);
        ReadOnlySpan<char> digits = shift == 0 ? text : text[..^1];
        bool hexadecimal = digits.StartsWith("0x", StringComparison.Ordinal) || digits.StartsWith("0X", StringComparison.Ordinal);
        uint radix = hexadecimal ? 16u : 10u;
        digits = hexadecimal ? digits[2..] : digits;
        problem = "is not a number (decimal or 0x hexadecimal, suffix p, K, M or G, sums with +)";
        if (digits.IsEmpty)
        {
            return false;
        }

        bool overflow = false;
        foreach (char digit in digits)
        {
            uint worth = Worth(digit);
            if (worth >= radix)
            {
                return false;
            }

            overflow |= !TryAppend(ref value, radix, worth);
        }

        overflow |= value > ulong.MaxValue >> shift;
        value <<= shift;
        problem = overflow ? "does not fit in 64 bits" : "";
        return !overflow;
    }

    private static bool TryAppend(ref ulong value, uint radix, uint worth)
    {
        UInt128 next = ((UInt128)value * radix) + worth;
        value = (ulong)next;
        return next <= ulong.MaxValue;
    }

    private static uint Worth(char digit) => digit switch
    {
        >= '0' and <= '9' => (uint)(digit - '0'),
        >= 'a' and <= 'f' => (uint)(digit - 'a' + 10),
        >= 'A' and <= 'F' => (uint)(digit - 'A' + 10),
        _ => uint.MaxValue,
    };

    private static int SuffixShift(char suffix) => suffix switch
    {
        'p' => PageSize.Base.Shift,
        'K' => 10,
        'M' => 20,
        'G' => 30,
        _ => 0,
    };
}
