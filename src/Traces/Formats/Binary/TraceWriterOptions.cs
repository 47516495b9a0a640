namespace BsdVm.Traces;

/// <summary>How a trace is written in the compact form, and what is told in its head.</summary>
public sealed record TraceWriterOptions
{
    /// <summary>The name of the file it is made from.</summary>
    public string Source { get; init; } = string.Empty;

    /// <summary>The format of that file.</summary>
    public TraceFormat SourceFormat { get; init; } = TraceFormat.Binary;

    /// <summary>What a reader of the file should know: the recorded command, for instance.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>The initial memory of the first process, or null.</summary>
    public IReadOnlyList<MemoryMapEntry>? InitialMaps { get; init; }

    /// <summary>Whether the accesses are compressed.</summary>
    public TraceCompression Compression { get; init; }

    /// <summary>How hard Brotli tries, 0 to 11. From 10 on it is smaller by a fifth or so and ten times slower to write.</summary>
    public int Quality { get; init; } = 6;
}
