using System.Globalization;

namespace BsdVm;

/// <summary>Reads the text form of a <see cref="TlbSpecification"/>.</summary>
internal static class TlbSpecificationParser
{
    private const string Keys = "l1, l1i, l1d, l2, policy, pages";
    private const string Policies = "lru, fifo, random, plru, nlu";

    public static bool TryParse(string text, out TlbSpecification specification, out string error)
    {
        specification = TlbSpecification.Default;
        TlbGeometry instruction = specification.Instruction;
        TlbGeometry data = specification.Data;
        TlbGeometry second = specification.Second;
        TlbReplacement replacement = specification.Replacement;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? part : part[..equals];
            string value = equals < 0 ? "" : part[(equals + 1)..];
            if (!seen.Add(key))
            {
                error = $"'{key}' is given twice.";
                return false;
            }

            bool good = key switch
            {
                "l1" => TryShape(part, value, out instruction, out error) && TryShape(part, value, out data, out error),
                "l1i" => TryShape(part, value, out instruction, out error),
                "l1d" => TryShape(part, value, out data, out error),
                "l2" => TryShape(part, value, out second, out error),
                "policy" => TryPolicy(value, out replacement, out error),
                "pages" => TryPages(value, out error),
                _ => Fail($"'{part}' is not part of a TLB specification; parts are {Keys}, as in {TlbSpecification.Default}.", out error),
            };
            if (!good)
            {
                return false;
            }
        }

        error = TlbSpecification.Check("l1i", instruction, mayBeNone: false)
            ?? TlbSpecification.Check("l1d", data, mayBeNone: false)
            ?? TlbSpecification.Check("l2", second, mayBeNone: true)
            ?? "";
        if (error.Length > 0)
        {
            return false;
        }

        specification = new(instruction, data, second, replacement);
        return true;
    }

    private static bool TryShape(string part, string value, out TlbGeometry geometry, out string error)
    {
        string[] numbers = value.Split('x');
        if (numbers.Length == 2 && TryNumber(numbers[0], out int entries) && TryNumber(numbers[1], out int ways))
        {
            geometry = new(entries, ways);
            error = "";
            return true;
        }

        geometry = default;
        return Fail($"'{part}' should be entries x ways, as in l2=1536x12.", out error);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryPolicy(string value, out TlbReplacement replacement, out string error)
    {
        error = "";
        switch (value)
        {
            case "lru":
                replacement = TlbReplacement.Lru;
                return true;
            case "fifo":
                replacement = TlbReplacement.Fifo;
                return true;
            case "random":
                replacement = TlbReplacement.Random;
                return true;
            case "plru":
                replacement = TlbReplacement.Plru;
                return true;
            case "nlu":
                replacement = TlbReplacement.Nlu;
                return true;
            default:
                replacement = default;
                return Fail($"'{value}' is not a TLB policy; policies are {Policies}.", out error);
        }
    }

    private static bool TryPages(string value, out string error) =>
        value == "4k" ? Fail("", out error) || true : Fail($"pages={value}: only 4k is supported.", out error);

    private static bool Fail(string message, out string error)
    {
        error = message;
        return false;
    }
}
