namespace BsdVm.Traces;

/// <summary>Brings any trace into the compact form.</summary>
public static class TraceConverter
{
    /// <summary>Reads a trace to its end and writes it in the compact form.</summary>
    /// <param name="source">The trace, from its beginning.</param>
    /// <param name="output">A stream that can seek. It is not closed.</param>
    /// <param name="options">
    /// How. Name and format of the source, and its initial memory where <see cref="TraceWriterOptions.InitialMaps"/> is null, are taken
    /// from <paramref name="source"/>.
    /// </param>
    /// <param name="progress">Is told the bytes of the source that were read, after each batch.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="TraceFormatException">The source is malformed; what was written then is no trace.</exception>
    public static TraceCounts Convert(TraceReader source, Stream output, TraceWriterOptions options, Action<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        TraceWriterOptions described = options with
        {
            Source = Path.GetFileName(source.Name),
            SourceFormat = source.Format,
            InitialMaps = options.InitialMaps ?? source.InitialMaps,
        };
        using var writer = new BinaryTraceWriter(output, described);
        var buffer = new TraceAccess[8192];
        for (TraceBatch batch; !(batch = source.Read(buffer)).IsEnd;)
        {
            writer.Write(buffer.AsSpan(0, batch.Count), batch.Process);
            if (batch.Call is { } call)
            {
                writer.Write(call);
            }

            progress?.Invoke(source.BytesRead);
        }

        writer.Finish(source.Sha256);
        return writer.Counts;
    }
}
