using System.Collections.Immutable;

namespace BsdVm;

/// <summary>The TLBs of one processor: two first-level ones (instructions, data), or one for both, over a unified second level.</summary>
public sealed record TlbSpecification
{
    /// <summary>64 fully associative entries in each first-level TLB, 1536 entries in 12 ways behind them, LRU.</summary>
    public static readonly TlbSpecification Default = new(new(64, 64), new(64, 64), new(1536, 12), TlbReplacement.Lru);

    /// <summary>TLBs of the shapes given.</summary>
    /// <exception cref="ArgumentException">A shape is not one that can be built; the message says why.</exception>
    public TlbSpecification(
        TlbGeometry instruction, TlbGeometry data, TlbGeometry second, TlbReplacement replacement,
        ImmutableArray<PageSize> pages = default, bool isJoint = false, ImmutableArray<int> walkCaches = default)
    {
        WalkCaches = walkCaches.IsDefault ? [] : walkCaches;
        Pages = pages.IsDefault ? [PageSize.Base] : pages;
        IsJoint = isJoint;
        string? error = Check("l1i", instruction, mayBeNone: false)
            ?? Check("l1d", data, mayBeNone: false)
            ?? Check("l2", second, mayBeNone: true)
            ?? CheckPages(Pages)
            ?? CheckWalkCaches(WalkCaches)
            ?? (isJoint && instruction != data ? "A joint first level has one shape." : null);
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
    /// The page sizes that an entry can have, 4 KB first, ascending. A larger page takes as many entries as pages of the largest of these
    /// sizes are touched in it.
    /// </summary>
    public ImmutableArray<PageSize> Pages { get; }

    /// <summary>Fetches, loads and stores share one first-level TLB.</summary>
    public bool IsJoint { get; }

    /// <summary>
    /// Entries of the walker's caches of upper levels, the lowest level that has tables below it first; empty for none. See
    /// <see cref="WalkCache"/>.
    /// </summary>
    public ImmutableArray<int> WalkCaches { get; }

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
        string first = IsJoint ? $"l1u={Data}" : Instruction == Data ? $"l1={Data}" : $"l1i={Instruction},l1d={Data}";
        string policy = Replacement == TlbReplacement.Lru ? "" : $",policy={Replacement.ToString().ToLowerInvariant()}";
        string pages = Pages.Length == 1
            ? ""
            : $",pages={string.Join('+', Pages.Select(static size => size.ToString().ToLowerInvariant()))}";
        string walk = WalkCaches.Length == 0 ? "" : $",walk={string.Join('+', WalkCaches)}";
        return $"{first},l2={Second}{policy}{pages}{walk}";
    }

    /// <summary>Equal shapes, policies and sizes.</summary>
    public bool Equals(TlbSpecification? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    internal static string? CheckPages(ImmutableArray<PageSize> pages)
    {
        bool ascends = pages.Length > 0 && pages[0] == PageSize.Base
            && pages.Zip(pages.Skip(1)).All(static pair => pair.First < pair.Second);
        return ascends && pages.Length <= 3 && pages[^1].Shift <= 40
            ? null
            : "pages: 4k, and up to two larger sizes in ascending order, as in 4k+2m+1g.";
    }

    internal static string? CheckWalkCaches(ImmutableArray<int> entries) =>
        entries.Length <= 5 && entries.All(static count => count is >= 0 and <= 1024)
            ? null
            : "walk: up to five numbers of entries, 0 to 1024, the lowest level first, as in 32+4+2.";

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
