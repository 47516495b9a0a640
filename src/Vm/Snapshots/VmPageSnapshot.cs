namespace BsdVm.Snapshots;

/// <summary>A frame as it stood when the snapshot was taken.</summary>
public sealed record VmPageSnapshot
{
    /// <summary>Its number.</summary>
    public required PageFrameNumber Frame { get; init; }

    /// <summary>What it was used for.</summary>
    public required FrameUse Use { get; init; }

    /// <summary>The paging queue that its page was on.</summary>
    public required PageQueue Queue { get; init; }

    /// <summary>Its wired mappings.</summary>
    public required int WireCount { get; init; }

    /// <summary>A transfer was in progress.</summary>
    public required bool IsBusy { get; init; }

    /// <summary>The number of the object that held its page, or null.</summary>
    public int? ObjectId { get; init; }

    /// <summary>The page's index in that object.</summary>
    public ulong Index { get; init; }

    /// <summary>The number of the anon that held its page, or null.</summary>
    public int? AnonId { get; init; }

    /// <summary>Mappings that led to it in all address spaces; null where they were not counted.</summary>
    public int? MappingCount { get; init; }

    /// <summary>One line: <c>frame 0x1f: object, 2 mappings, 0 wirings</c>.</summary>
    public override string ToString()
    {
        string mappings = MappingCount is { } count ? $", {count} mappings" : "";
        return $"frame {Frame}: {Use.ToString().ToLowerInvariant()}{mappings}, {WireCount} wirings";
    }
}
