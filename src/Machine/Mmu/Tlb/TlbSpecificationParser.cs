using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace BsdVm;

/// <summary>Reads the text form of a <see cref="TlbSpecification"/>.</summary>
internal static class TlbSpecificationParser
{
    private const string Keys = "l1, l1i, l1d, l1u, l2, policy, pages, walk";
    private const string Policies = "lru, fifo, random, plru, nlu";

    public static bool TryParse(string text, out TlbSpecification specification, out string error)
    {
        specification = TlbSpecification.Default;
        TlbGeometry instruction = specification.Instruction;
        TlbGeometry data = specification.Data;
        TlbGeometry second = specification.Second;
        TlbReplacement replacement = specification.Replacement;
        ImmutableArray<PageSize> pages = specification.Pages;
        ImmutableArray<int> walkCaches = [];
        bool isJoint = false;
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
                "l1u" => TryShape(part, value, out data, out error) && Same(data, out instruction, out isJoint),
                "l1i" => TryShape(part, value, out instruction, out error),
                "l1d" => TryShape(part, value, out data, out error),
                "l2" => TryShape(part, value, out second, out error),
                "policy" => TryPolicy(value, out replacement, out error),
                "pages" => TryPages(value, out pages, out error),
                "walk" => TryWalkCaches(value, out walkCaches, out error),
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
            ?? TlbSpecification.CheckPages(pages)
            ?? TlbSpecification.CheckWalkCaches(walkCaches)
            ?? (isJoint && (seen.Contains("l1") || seen.Contains("l1i") || seen.Contains("l1d"))
                ? "l1u stands for both first-level TLBs: no other l1 beside it."
                : "");
        if (error.Length > 0)
        {
            return false;
        }

        specification = new(instruction, data, second, replacement, pages, isJoint, walkCaches);
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

    private static bool Same(TlbGeometry data, out TlbGeometry instruction, out bool isJoint)
    {
        instruction = data;
        isJoint = true;
        return true;
    }

    private static bool TryPages(string value, out ImmutableArray<PageSize> pages, out string error)
    {
        pages = [.. value.Split('+').Select(SizeOf)];
        error = "";
        return !pages.Contains(default) || Fail($"pages={value}: sizes are a power of two with k, m or g, as in 4k+2m.", out error);
    }

    private static bool TryWalkCaches(string value, out ImmutableArray<int> entries, out string error)
    {
        entries = [.. value.Split('+').Select(static text => TryNumber(text, out int number) ? number : -1)];
        error = "";
        return true;
    }

    // 0 for text that is no size.
    private static PageSize SizeOf(string text)
    {
        int unit = text.Length < 2 ? -1 : "kmg".IndexOf(text[^1], StringComparison.Ordinal);
        return unit >= 0 && TryNumber(text[..^1], out int number) && BitOperations.IsPow2(number)
            ? new PageSize(BitOperations.Log2((uint)number) + (10 * (unit + 1)))
            : default;
    }

    private static bool Fail(string message, out string error)
    {
        error = message;
        return false;
    }
}
