namespace BsdVm;

/// <summary>The TLBs of one processor: two first-level ones (instructions, data) over a unified second level.</summary>
public sealed record TlbSpecification
{
    /// <summary>64 fully associative entries in each first-level TLB, 1536 entries in 12 ways behind them, LRU.</summary>
    public static readonly TlbSpecification Default = new(new(64, 64), new(64, 64), new(1536, 12), TlbReplacement.Lru);

    /// <summary>TLBs of the shapes given.</summary>
    /// <exception cref="ArgumentException">A shape is not one that can be built; the message says why.</exception>
    public TlbSpecification(TlbGeometry instruction, TlbGeometry data, TlbGeometry second, TlbReplacement replacement)
    {
        string? error = Check("l1i", instruction, mayBeNone: false)
            ?? Check("l1d", data, mayBeNone: false)
            ?? Check("l2", second, mayBeNone: true);
        if (error is not null)
        {
            throw new ArgumentException(error);
        }

        Instruction = instruction;
        Data = data;
        Second = second;
        Replacement = replacement;
    }

    /// <summary>The first-level TLB of fetches.</summary>
    public TlbGeometry Instruction { get; }

    /// <summary>The first-level TLB of loads and stores.</summary>
    public TlbGeometry Data { get; }

    /// <summary>The TLB that is looked up on a miss of the first level; may be none.</summary>
    public TlbGeometry Second { get; }

    /// <summary>The replacement policy of all of them.</summary>
    public TlbReplacement Replacement { get; }

    /// <summary>
    /// Reads text such as <c>l1=64x64,l2=1536x12,policy=lru</c>. What is not mentioned is as in <see cref="Default"/>.
    /// </summary>
    /// <returns>False with a message for people in <paramref name="error"/>.</returns>
    public static bool TryParse(string text, out TlbSpecification specification, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TlbSpecificationParser.TryParse(text, out specification, out error);
    }

    /// <summary>The text that <see cref="TryParse"/> reads back to an equal specification.</summary>
    public override string ToString()
    {
        string first = Instruction == Data ? $"l1={Data}" : $"l1i={Instruction},l1d={Data}";
        string policy = Replacement == TlbReplacement.Lru ? "" : $",policy={Replacement.ToString().ToLowerInvariant()}";
        return $"{first},l2={Second}{policy}";
    }

    internal static string? Check(string name, TlbGeometry geometry, bool mayBeNone)
    {
        (int entries, int ways) = geometry;
        if (entries == 0 && ways == 0)
        {
            return mayBeNone ? null : $"{name}=0x0: only the second level can be left out.";
        }

        if (entries < 1 || ways < 1 || entries > TlbGeometry.MaximumEntries)
        {
            return $"{name}={geometry}: entries and ways are 1 to {TlbGeometry.MaximumEntries}.";
        }

        return entries % ways != 0 ? $"{name}={geometry}: {entries} entries cannot be divided into sets of {ways} ways." : null;
    }
}
