namespace BsdVm.Traces;

/// <summary>
/// A trace, or a file that goes with one, is missing, cut off or malformed. The message is one line with the name, the place and
/// the reason. Readers throw nothing else for what a file holds.
/// </summary>
public sealed class TraceFormatException : Exception
{
    private TraceFormatException(string message, string name, long? line, long? offset, string reason, Exception? inner)
        : base(message, inner)
    {
        Name = name;
        Line = line;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file, as it was given.</summary>
    public string Name { get; }

    /// <summary>The line, counted from 1, in a text format.</summary>
    public long? Line { get; }

    /// <summary>The byte, counted from 0, in a binary format.</summary>
    public long? Offset { get; }

    /// <summary>What is wrong there.</summary>
    public string Reason { get; }

    internal static TraceFormatException AtLine(string name, long line, string reason, Exception? inner = null) =>
        new($"{name}, line {line}: {reason}", name, line, null, reason, inner);

    internal static TraceFormatException AtOffset(string name, long offset, string reason, Exception? inner = null) =>
        new($"{name}, byte {offset}: {reason}", name, null, offset, reason, inner);

    /// <summary>A problem of the file as a whole, without a line or byte.</summary>
    /// <param name="name">The file, as it was given.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <param name="inner">What found it, where something did.</param>
    public static TraceFormatException Whole(string name, string reason, Exception? inner = null) =>
        new($"{name}: {reason}", name, null, null, reason, inner);
}
