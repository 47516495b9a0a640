using System.Buffers.Binary;
using System.IO.Compression;

namespace BsdVm.Traces;

/// <summary>Writes a trace in the compact form. What is not finished is no trace: the head is written by <see cref="Finish"/>.</summary>
public sealed class BinaryTraceWriter : IDisposable
{
    private static readonly string NoHash = new('0', 64);

    private readonly Stream _output;
    private readonly Stream _body;
    private readonly TraceWriterOptions _options;
    private readonly long _start;
    private readonly int _descriptionBytes;
    private readonly AccessEncoder _encoder = new();
    private readonly long[] _countByKind = new long[4];
    private long _straddling;
    private long _calls;
    private int _process;
    private int _processCount;
    private bool _isFinished;

    /// <summary>Starts a trace at the stream's position.</summary>
    /// <param name="output">A stream that can seek. It is not closed.</param>
    /// <param name="options">How.</param>
    public BinaryTraceWriter(Stream output, TraceWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        if (!output.CanSeek)
        {
            throw new ArgumentException("The head is written last, so the stream must be able to seek.", nameof(output));
        }

        _output = output;
        _options = options;
        _start = output.Position;
        _descriptionBytes = Describe(NoHash).Encode().Length;
        output.Write(new byte[BinaryTrace.HeadBytes + _descriptionBytes + sizeof(uint)]);
        _body = options.Compression == TraceCompression.Brotli
            ? new BrotliStream(output, new BrotliCompressionOptions { Quality = options.Quality }, leaveOpen: true)
            : output;
    }

    /// <summary>What was written so far.</summary>
    public TraceCounts Counts => new(
        _countByKind[(int)TraceAccessKind.Fetch], _countByKind[(int)TraceAccessKind.Load], _countByKind[(int)TraceAccessKind.Store],
        _countByKind[(int)TraceAccessKind.Modify], _straddling, _calls);

    /// <summary>Adds accesses of one process.</summary>
    /// <param name="accesses">The accesses, in order.</param>
    /// <param name="process">Who made them, 0 to 65535.</param>
    public void Write(ReadOnlySpan<TraceAccess> accesses, int process = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)process, ushort.MaxValue, nameof(process));
        if (process != _process)
        {
            FlushAccesses();
            _process = process;
        }

        foreach (TraceAccess access in accesses)
        {
            if (_encoder.IsFull)
            {
                FlushAccesses();
            }

            _encoder.Add(access);
            _countByKind[(int)access.Kind]++;
            _straddling += access.StraddlesPage ? 1 : 0;
        }
    }

    /// <summary>Adds a system call.</summary>
    public void Write(TraceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)call.Process, ushort.MaxValue, nameof(call));
        FlushAccesses();
        var writer = new ByteWriter();
        CallCodec.Write(writer, call);
        WriteBlock(BinaryTrace.CallBlock, call.Process, 0, writer.Written, []);
        _calls++;
    }

    /// <summary>Writes the rest and then the head.</summary>
    /// <param name="sourceSha256">The SHA-256 of what the trace was made from, 64 hexadecimal digits.</param>
    public void Finish(string sourceSha256)
    {
        ArgumentNullException.ThrowIfNull(sourceSha256);
        FlushAccesses();
        WriteBlock(BinaryTrace.EndBlock, 0, 0, [], []);
        CloseBody();
        long end = _output.Position;
        WriteHead(Describe(sourceSha256).Encode());
        _output.Position = end;
    }

    /// <summary>Lets go of the compressor. Without <see cref="Finish"/> before, what was written is no trace.</summary>
    public void Dispose() => CloseBody();

    private void CloseBody()
    {
        if (!_isFinished && !ReferenceEquals(_body, _output))
        {
            _body.Dispose();
        }

        _isFinished = true;
    }

    private TraceDescription Describe(string hash) =>
        new(new TraceOrigin(_options.Source, _options.SourceFormat, hash, _options.Note), Counts, _processCount, _options.InitialMaps);

    private void FlushAccesses()
    {
        if (_encoder.Count > 0)
        {
            WriteBlock(BinaryTrace.AccessBlock, _process, _encoder.Count, _encoder.Tags, _encoder.Deltas);
            _encoder.Clear();
        }
    }

    private void WriteBlock(int kind, int process, int count, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var block = new byte[BinaryTrace.BlockHeadBytes + first.Length + second.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)kind);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(2), (ushort)process);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), count);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(8), first.Length + second.Length);
        first.CopyTo(block.AsSpan(BinaryTrace.BlockHeadBytes));
        second.CopyTo(block.AsSpan(BinaryTrace.BlockHeadBytes + first.Length));
        uint crc = Crc32C.Compute(block.AsSpan(0, 12), block.AsSpan(BinaryTrace.BlockHeadBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(12), crc);
        _body.Write(block);
        _processCount = Math.Max(_processCount, kind == BinaryTrace.EndBlock ? 0 : process + 1);
    }

    private void WriteHead(byte[] description)
    {
        var head = new byte[BinaryTrace.HeadBytes];
        BinaryTrace.Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), BinaryTrace.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(10), (ushort)_options.Compression);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), description.Length);
        var crc = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, Crc32C.Compute(head, description));
        if (description.Length != _descriptionBytes)
        {
            throw new InvalidOperationException("The description changed its length.");
        }

        _output.Position = _start;
        _output.Write(head);
        _output.Write(description);
        _output.Write(crc);
    }
}
