using System.Diagnostics.CodeAnalysis;

namespace BsdVm;

/// <summary>How the checkers complain.</summary>
internal static class Rule
{
    /// <summary>Compares two numbers.</summary>
    public static void Equal(long expected, long found, string rule, object subject, string what)
    {
        if (expected != found)
        {
            throw new InvariantViolationException(rule, $"{subject}", $"{expected} {what}", $"{found}");
        }
    }

    /// <summary>Throws if <paramref name="holds"/> is false.</summary>
    public static void Holds([DoesNotReturnIf(false)] bool holds, string rule, object subject, string expected, object found)
    {
        if (!holds)
        {
            throw new InvariantViolationException(rule, $"{subject}", expected, $"{found}");
        }
    }
}
