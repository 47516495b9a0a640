namespace BsdVm;

/// <summary>
/// A rule that the model promises to keep does not hold: a bug of the library or of a plugged-in part, never of its caller.
/// </summary>
public sealed class InvariantViolationException : Exception
{
    /// <summary>A violation of <paramref name="rule"/>.</summary>
    /// <param name="rule">The rule's stable name, such as <c>PV-SYMMETRY</c>.</param>
    /// <param name="subject">What broke it.</param>
    /// <param name="expected">What the rule says.</param>
    /// <param name="found">What is there.</param>
    public InvariantViolationException(string rule, string subject, string expected, string found)
        : base($"{rule}: {subject}: expected {expected}, found {found}")
    {
        Rule = rule;
        Subject = subject;
        Expected = expected;
        Found = found;
    }

    /// <summary>The rule's stable name.</summary>
    public string Rule { get; }

    /// <summary>What broke it.</summary>
    public string Subject { get; }

    /// <summary>What the rule says.</summary>
    public string Expected { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }
}
