namespace BsdVm.Traces;

/// <summary>One trace.</summary>
/// <param name="Path">The file; null for <paramref name="Content"/>.</param>
/// <param name="Format">How it is written.</param>
/// <param name="MapsPath">The initial memory in the format of /proc/PID/maps; null for none.</param>
/// <param name="Content">The trace itself, named by <paramref name="Name"/>, where it is not a file.</param>
/// <param name="Name">How results call it; the path where null.</param>
public sealed record TraceSource(string? Path, TraceFormat Format, string? MapsPath, Func<Stream>? Content = null, string? Name = null);
