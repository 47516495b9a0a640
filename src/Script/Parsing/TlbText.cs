using System.Globalization;

namespace BsdVm.Script;

/// <summary>The form of a TLB specification: <c>l1=64x64,l2=1536x12,policy=lru</c>. What it builds is the machine's business.</summary>
internal static class TlbText
{
    private const string Keys = "l1, l1i, l1d, l2, policy, pages";
    private const string Policies = "lru, fifo, random, plru, nlu";

    public static bool TryCheck(string text, out string problem)
    {
        HashSet<string> seen = [];
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? part : part[..equals];
            if (equals < 0 || !seen.Add(key) || !TryPart(key, part[(equals + 1)..]))
            {
                problem = $"'{LineCursor.Cut(part)}' of tlb is not understood; it is KEY=VALUE,... with the keys {Keys}: "
                    + $"a level is ENTRIESxWAYS, policy one of {Policies}, pages sizes such as 4k+2m";
                return false;
            }
        }

        problem = "";
        return true;
    }

    private static bool TryPart(string key, string value) => key switch
    {
        "l1" or "l1i" or "l1d" or "l2" => TryLevel(value, key == "l2"),
        "policy" => Policies.Split(", ").Contains(value),
        "pages" => value.Split('+').All(size => size is "4k" or "2m" or "4m" or "1g"),
        _ => false,
    };

    private static bool TryLevel(string value, bool mayBeNone)
    {
        string[] parts = value.Split('x');
        if (parts.Length != 2 || !TryCount(parts[0], out int entries) || !TryCount(parts[1], out int ways))
        {
            return false;
        }

        return entries == 0 ? mayBeNone && ways == 0 : ways > 0 && entries % ways == 0;
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= 1 << 20;
}
