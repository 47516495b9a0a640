using System.Collections.Immutable;

namespace BsdVm.Snapshots;

/// <summary>
/// An object as it stood when the snapshot was taken, with the chain of objects that it shadows. Within one snapshot an object that several
/// entries and shadows refer to is one and the same record.
/// </summary>
public sealed record VmObjectSnapshot
{
    /// <summary>Its number. No other object that lived at the time had it; a later one may.</summary>
    public required int Id { get; init; }

    /// <summary>The name of its file, or null where it is not a file's.</summary>
    public string? FileName { get; init; }

    /// <summary>Anonymous memory: neither a file's nor made for a pager of the caller's.</summary>
    public required bool IsAnonymous { get; init; }

    /// <summary>Its length in bytes, a file's as the file says.</summary>
    public required ulong SizeBytes { get; init; }

    /// <summary>Map entries, shadows and transfers that refer to it; 0 for a cached file's object.</summary>
    public required int RefCount { get; init; }

    /// <summary>Objects that shadow it.</summary>
    public required int ShadowCount { get; init; }

    /// <summary>Transfers under way.</summary>
    public required int PagingInProgress { get; init; }

    /// <summary>The kind of its pager (<see cref="Pager.Kind"/>), or null while no page ever left memory.</summary>
    public string? PagerKind { get; init; }

    /// <summary>Pages that its pager holds, where the pager is one for anonymous memory; else null.</summary>
    public int? StoredCount { get; init; }

    /// <summary>Its pages in memory, by index.</summary>
    public ImmutableArray<ResidentPage> Pages { get; init; } = [];

    /// <summary>The object behind it, which has the pages that it lacks; null at the end of a chain.</summary>
    public VmObjectSnapshot? Shadow { get; init; }

    /// <summary>Where its first byte lies in <see cref="Shadow"/>, in bytes.</summary>
    public ulong ShadowOffset { get; init; }

    /// <summary>This object and those behind it, in the order in which a fault searches them.</summary>
    public IEnumerable<VmObjectSnapshot> Chain()
    {
        for (VmObjectSnapshot? each = this; each is not null; each = each.Shadow)
        {
            yield return each;
        }
    }

    /// <summary>One line without pages and chain: <c>object 3: anonymous, 4 pages, 2 references</c>.</summary>
    public override string ToString()
    {
        string kind = FileName is not null ? $"file {FileName}, {SizeBytes} bytes"
            : $"{(IsAnonymous ? "anonymous" : PagerKind)}, {SizeBytes / PageSize.BaseBytes} pages";
        string stored = StoredCount is { } count ? $", {count} paged out" : "";
        return $"object {Id}: {kind}, {RefCount} references{stored}";
    }
}
