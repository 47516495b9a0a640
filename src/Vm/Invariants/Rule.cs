using System.Diagnostics.CodeAnalysis;
using BsdVm.Snapshots;

namespace BsdVm;

/// <summary>How the checkers complain. A subject is put into words only where its rule is broken, in the words of its snapshot.</summary>
internal static class Rule
{
    /// <summary>Compares two numbers.</summary>
    public static void Equal<TSubject>(long expected, long found, string rule, TSubject subject, string what)
        where TSubject : notnull
    {
        if (expected != found)
        {
            throw new InvariantViolationException(rule, TextOf(subject), $"{expected} {what}", $"{found}");
        }
    }

    /// <summary>Throws if <paramref name="holds"/> is false.</summary>
    public static void Holds<TSubject>([DoesNotReturnIf(false)] bool holds, string rule, TSubject subject, string expected, object found)
        where TSubject : notnull
    {
        if (!holds)
        {
            throw new InvariantViolationException(rule, TextOf(subject), expected, $"{found}");
        }
    }

    private static string TextOf(object subject) => subject switch
    {
        VmMapEntry entry => entry.Describe().ToString(),
        VmObject each => each.Describe().ToString(),
        Amap amap => amap.Describe().ToString(),
        _ => $"{subject}",
    };
}
