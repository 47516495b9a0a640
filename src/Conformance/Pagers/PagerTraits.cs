namespace BsdVm.Conformance;

/// <summary>What kind of store a pager is, so that the kit knows what to expect.</summary>
public sealed record PagerTraits
{
    /// <summary>Pages that the pager backs, at least 8; indexes from there on are out of range. Null if every index is in range.</summary>
    public ulong? PageCount { get; init; }

    /// <summary>The byte that every page holds before it is put for the first time; null if nothing is there.</summary>
    public byte? StartsWith { get; init; }

    /// <summary>What is put comes back.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>A page that is freed is as if it had never been put.</summary>
    public bool Forgets { get; init; } = true;
}
