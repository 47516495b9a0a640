namespace BsdVm.Traces;

/// <summary>
/// A recorded program as a stream: batches of accesses into the caller's buffer, with the program's own system calls between them.
/// Nothing is allocated for an access. After the end, <see cref="Counts"/> and <see cref="Sha256"/> tell what was read.
/// </summary>
public abstract class TraceReader : IDisposable
{
    private readonly TraceInput _input;

    private protected TraceReader(TraceInput input, TraceFormat format)
    {
        _input = input;
        Format = format;
    }

    /// <summary>The name of the file, as it was given.</summary>
    public string Name => _input.Name;

    /// <summary>The format it is read in, never <see cref="TraceFormat.Detect"/>.</summary>
    public TraceFormat Format { get; }

    /// <summary>What was delivered so far; exact totals once <see cref="Read"/> has returned the end.</summary>
    public abstract TraceCounts Counts { get; }

    /// <summary>Lines of superblocks, which lackey prints with <c>--trace-superblocks=yes</c>; they are passed over.</summary>
    public virtual long Superblocks => 0;

    /// <summary>The initial memory of the first process, where the trace itself holds it; otherwise null.</summary>
    public virtual IReadOnlyList<MemoryMapEntry>? InitialMaps => null;

    /// <summary>What the trace was made from, for <see cref="TraceFormat.Binary"/>; otherwise null.</summary>
    public virtual TraceOrigin? Origin => null;

    /// <summary>Bytes of the file read so far, before decompression.</summary>
    public virtual long BytesRead => _input.RawBytesRead;

    /// <summary>The length of the file in bytes, or null where it cannot be known, as of a pipe.</summary>
    public virtual long? LengthBytes => _input.RawLength;

    /// <summary>The SHA-256 of the file's bytes, 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="InvalidOperationException">The end has not been read yet.</exception>
    public virtual string Sha256 => _input.Sha256;

    /// <summary>Opens a trace.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format; <see cref="TraceFormat.Detect"/> tells the compact form and lackey's apart.</param>
    /// <exception cref="TraceFormatException">The file cannot be opened, or its beginning is not of the format.</exception>
    public static TraceReader Open(string path, TraceFormat format = TraceFormat.Detect) => Create(TraceInput.Open(path), format);

    /// <summary>Opens lackey's log of a forked child.</summary>
    /// <param name="path">The file.</param>
    /// <param name="process">The number that the child has among the processes of the run.</param>
    /// <exception cref="TraceFormatException">The file cannot be opened, or is in the compact form.</exception>
    public static TraceReader OpenChild(string path, int process) => Create(TraceInput.Open(path), TraceFormat.Lackey, process);

    /// <summary>Reads a trace from a stream, which is closed with the reader.</summary>
    /// <param name="stream">The bytes, possibly compressed by gzip.</param>
    /// <param name="name">How errors call it.</param>
    /// <param name="format">Its format; <see cref="TraceFormat.Detect"/> tells the compact form and lackey's apart.</param>
    /// <exception cref="TraceFormatException">The beginning is not of the format.</exception>
    public static TraceReader Open(Stream stream, string name, TraceFormat format = TraceFormat.Detect) =>
        Create(TraceInput.From(stream, name), format);

    /// <summary>
    /// Reads on: fills the buffer until it is full, a system call was made, the process changes or a unit of the file ends.
    /// </summary>
    /// <param name="buffer">Where the accesses go; not empty. A few thousand elements are a good size.</param>
    /// <exception cref="TraceFormatException">The file is malformed, damaged or cut off there.</exception>
    public abstract TraceBatch Read(Span<TraceAccess> buffer);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing) => _input.Dispose();

    private static TraceReader Create(TraceInput input, TraceFormat format, int process = 0)
    {
        try
        {
            if (format == TraceFormat.Detect)
            {
                format = BinaryTrace.IsMagic(input.Peek(BinaryTrace.MagicBytes)) ? TraceFormat.Binary : TraceFormat.Lackey;
            }

            if (process != 0 && BinaryTrace.IsMagic(input.Peek(BinaryTrace.MagicBytes)))
            {
                throw TraceFormatException.Whole(input.Name, "a child's log must be lackey's own text");
            }

            return format switch
            {
                TraceFormat.Lackey => new LackeyReader(input, process),
                TraceFormat.Binary => new BinaryTraceReader(input),
                TraceFormat.Words => new WordTraceReader(input),
                TraceFormat.Pages => new PageListReader(input),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a trace format."),
            };
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
