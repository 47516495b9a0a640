namespace BsdVm.Traces;

/// <summary>One trace.</summary>
/// <param name="Path">The file; null for <paramref name="Content"/>.</param>
/// <param name="Format">How it is written.</param>
/// <param name="MapsPath">The initial memory in the format of /proc/PID/maps; null for none.</param>
/// <param name="Content">The trace itself, named by <paramref name="Name"/>, where it is not a file.</param>
/// <param name="Name">How results call it; the path where null.</param>
public sealed record TraceSource(string? Path, TraceFormat Format, string? MapsPath, Func<Stream>? Content = null, string? Name = null)
{
    /// <summary>The logs of children that the program forked.</summary>
    public IReadOnlyList<ChildSource> Children { get; init; } = [];
}

/// <summary>The log of a forked child, which starts from its parent's memory at the fork.</summary>
/// <param name="ProcessId">The child's process id when it was recorded; null for the first fork that no other log claims.</param>
/// <param name="Path">Lackey's log.</param>
public sealed record ChildSource(int? ProcessId, string Path);
