using System.IO.Compression;

namespace BsdVm.Traces;

/// <summary>
/// The bytes of an input file, decompressed where its first bytes are gzip's, with the hash of the file itself. What goes wrong in
/// reading or decompressing becomes a <see cref="TraceFormatException"/>. That a gzip file is cut off shows only where the host sets the
/// runtime's switch <c>System.IO.Compression.UseStrictValidation</c>, as our programs do.
/// </summary>
internal sealed class TraceInput : IDisposable
{
    private readonly HashingStream _raw;
    private readonly PeekStream _content;
    private string? _sha256;

    private TraceInput(Stream stream, string name)
    {
        Name = name;
        _raw = new HashingStream(stream);
        var peek = new PeekStream(_raw);
        IsGzip = peek.Peek(2) is [0x1f, 0x8b];
        _content = IsGzip ? new PeekStream(new GZipStream(peek, CompressionMode.Decompress)) : peek;
    }

    public string Name { get; }

    public bool IsGzip { get; }

    public long RawBytesRead => _raw.BytesRead;

    public long? RawLength => _raw.InnerLength;

    public string Sha256 => _sha256 ?? throw new InvalidOperationException("The hash is known only after the end of the trace was read.");

    public static TraceInput Open(string path)
    {
        try
        {
            var options = new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 };
            return new TraceInput(new FileStream(path, options), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TraceFormatException.Whole(path, "there is no such file", e);
        }
        catch (Exception e) when (IsInputFailure(e) || e is ArgumentException or NotSupportedException)
        {
            throw TraceFormatException.Whole(path, Reason(e), e);
        }
    }

    public static TraceInput From(Stream stream, string name)
    {
        try
        {
            return new TraceInput(stream, name);
        }
        catch (Exception e) when (IsInputFailure(e))
        {
            throw TraceFormatException.Whole(name, Reason(e), e);
        }
    }

    public ReadOnlySpan<byte> Peek(int count)
    {
        try
        {
            return _content.Peek(count);
        }
        catch (Exception e) when (IsInputFailure(e))
        {
            throw Failure(e);
        }
    }

    /// <summary>Reads some bytes; 0 is the end, and the hash is known from then on.</summary>
    public int Read(Span<byte> buffer)
    {
        try
        {
            int count = _content.Read(buffer);
            if (count == 0 && !buffer.IsEmpty)
            {
                _sha256 ??= _raw.Finish();
            }

            return count;
        }
        catch (Exception e) when (IsInputFailure(e))
        {
            throw Failure(e);
        }
    }

    /// <summary>Reads until the buffer is full or the input ends, and returns how many bytes there were.</summary>
    public int ReadFully(Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int count = Read(buffer[total..]);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    public void Dispose() => _content.Dispose();


    /// <summary>Wraps what a decompressor or the file system threw, with the place in the file.</summary>
    public TraceFormatException Failure(Exception e) => TraceFormatException.AtOffset(Name, RawBytesRead, Reason(e), e);

    internal static bool IsInputFailure(Exception e) =>
        e is IOException or InvalidDataException or UnauthorizedAccessException or InvalidOperationException;

    private static string Reason(Exception e) => e switch
    {
        InvalidDataException or InvalidOperationException => "the compressed data is damaged or cut off",
        UnauthorizedAccessException => "it is a folder or must not be read",
        EndOfStreamException => "it is cut off",
        _ => "it cannot be read (" + e.Message.ReplaceLineEndings(" ") + ")",
    };
}
