using BsdVm.Traces;

namespace BsdVm.Lab.Tests.Traces;

/// <summary>All that a trace holds, in order: an access with its process, or a call.</summary>
internal sealed record TraceContent(List<object> Events, TraceCounts Counts, string Sha256)
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Traces", "Samples");

    public static string PathOf(string sample) => Path.Combine(Samples, sample);

    public static byte[] Bytes(string sample) => File.ReadAllBytes(PathOf(sample));

    public static TraceContent Read(byte[] bytes, TraceFormat format = TraceFormat.Detect, int bufferLength = 7)
    {
        using TraceReader reader = TraceReader.Open(new MemoryStream(bytes), "sample", format);
        return Read(reader, bufferLength);
    }

    public static TraceContent Read(TraceReader reader, int bufferLength = 7)
    {
        List<object> events = [];
        var buffer = new TraceAccess[bufferLength];
        for (TraceBatch batch; !(batch = reader.Read(buffer)).IsEnd;)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                events.Add((batch.Process, buffer[i]));
            }

            if (batch.Call is { } call)
            {
                events.Add(call);
            }
        }

        return new TraceContent(events, reader.Counts, reader.Sha256);
    }

    /// <summary>The accesses as text, <c>Load 0x10,8</c>.</summary>
    public IEnumerable<string> Accesses => Events.OfType<(int Process, TraceAccess Access)>().Select(static each => each.Access.ToString());

    public IEnumerable<TraceCall> Calls => Events.OfType<TraceCall>();

    public static byte[] Convert(byte[] source, TraceFormat format, TraceWriterOptions options)
    {
        using TraceReader reader = TraceReader.Open(new MemoryStream(source), "folder/sample", format);
        using var output = new MemoryStream();
        TraceCounts written = TraceConverter.Convert(reader, output, options);
        Assert.Equal(reader.Counts, written);
        return output.ToArray();
    }
}
