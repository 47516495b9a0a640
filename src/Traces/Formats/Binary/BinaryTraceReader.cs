using System.Buffers.Binary;
using System.IO.Compression;

namespace BsdVm.Traces;

/// <summary>Reads the compact form. Each block's checksum is compared before its content is looked at.</summary>
internal sealed class BinaryTraceReader : TraceReader
{
    private readonly TraceInput _input;
    private readonly Stream? _decompressor;
    private readonly TraceDescription _description;
    private readonly AccessDecoder _decoder = new();
    private readonly byte[] _head = new byte[BinaryTrace.BlockHeadBytes];
    private byte[] _content = [];
    private long _offset;
    private long _calls;
    private int _process;
    private bool _isAtEnd;

    public BinaryTraceReader(TraceInput input)
        : base(input, TraceFormat.Binary)
    {
        _input = input;
        _description = ReadHead(out TraceCompression compression);
        _decompressor = compression == TraceCompression.Brotli
            ? new BrotliStream(new InputStream(input), CompressionMode.Decompress)
            : null;
    }

    public override TraceCounts Counts => new(
        _decoder.Count(TraceAccessKind.Fetch), _decoder.Count(TraceAccessKind.Load), _decoder.Count(TraceAccessKind.Store),
        _decoder.Count(TraceAccessKind.Modify), _decoder.Straddling, _calls);

    public override TraceOrigin Origin => _description.Origin;

    public override IReadOnlyList<MemoryMapEntry>? InitialMaps => _description.InitialMaps;

    /// <summary>What the head promises.</summary>
    public TraceCounts TotalCounts => _description.Counts;

    public override TraceBatch Read(Span<TraceAccess> buffer)
    {
        int count = 0;
        while (count < buffer.Length && !_isAtEnd)
        {
            if (_decoder.Left == 0)
            {
                int kind = ReadBlockHead(out int process);
                if (kind == BinaryTrace.CallBlock)
                {
                    return new TraceBatch(0, _process, ReadCall(process));
                }

                _process = process;
                continue;
            }

            if (!_decoder.TryDecode(buffer, out count))
            {
                throw Damaged("the addresses of the block before are malformed");
            }

            break;
        }

        return new TraceBatch(count, _process, null);
    }

    protected override void Dispose(bool disposing)
    {
        _decompressor?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Takes the next block, and checks it; a block of accesses is then ready in the decoder.</summary>
    private int ReadBlockHead(out int process)
    {
        Fill(_head);
        int kind = BinaryPrimitives.ReadUInt16LittleEndian(_head);
        process = BinaryPrimitives.ReadUInt16LittleEndian(_head.AsSpan(2));
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(4));
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(8));
        bool isPossible = kind switch
        {
            BinaryTrace.AccessBlock =>
                count is > 0 and <= BinaryTrace.MostAccessesInBlock && length >= count && length <= count * (1 + AccessTags.LongestDelta),
            BinaryTrace.CallBlock => count == 0 && length <= BinaryTrace.LongestCall,
            BinaryTrace.EndBlock => count == 0 && length == 0,
            _ => false,
        };
        if (!isPossible)
        {
            throw Damaged("here should be the head of a block");
        }

        ReadContent((int)length);
        if (kind == BinaryTrace.AccessBlock)
        {
            _decoder.Begin(_content, (int)count, (int)length);
        }
        else if (kind == BinaryTrace.EndBlock)
        {
            Finish();
        }

        return kind;
    }

    private void ReadContent(int length)
    {
        if (_content.Length < length + AccessDecoder.Slack)
        {
            _content = new byte[Math.Max(length, 4 * BinaryTrace.MostAccessesInBlock) + AccessDecoder.Slack];
        }

        Fill(_content.AsSpan(0, length));
        uint crc = Crc32C.Compute(_head.AsSpan(0, 12), _content.AsSpan(0, length));
        if (crc != BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(12)))
        {
            throw Damaged("the checksum of the block before is wrong");
        }
    }

    private TraceCall ReadCall(int process)
    {
        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(8));
        TraceCall call = CallCodec.Read(_content.AsSpan(0, length), process) ?? throw Damaged("the system call before is malformed");
        _calls++;
        return call;
    }

    private void Finish()
    {
        _isAtEnd = true;
        if (Counts != _description.Counts)
        {
            throw Damaged("the file holds other counts than its head tells");
        }

        Span<byte> behind = stackalloc byte[1];
        if (ReadSome(behind) != 0 || (_decompressor is not null && _input.Read(behind) != 0))
        {
            throw Damaged("there are bytes behind the end of the trace");
        }
    }

    private TraceDescription ReadHead(out TraceCompression compression)
    {
        Span<byte> head = stackalloc byte[BinaryTrace.HeadBytes];
        Fill(head);
        compression = (TraceCompression)BinaryPrimitives.ReadUInt16LittleEndian(head[10..]);
        int version = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]);
        if (!BinaryTrace.IsMagic(head[..BinaryTrace.MagicBytes]))
        {
            throw TraceFormatException.AtOffset(Name, 0, "it does not begin as a trace in the compact form does");
        }

        if (version != BinaryTrace.Version)
        {
            throw TraceFormatException.AtOffset(Name, 8, $"it is of version {version}; this program reads version {BinaryTrace.Version}");
        }

        if (!Enum.IsDefined(compression) || length > BinaryTrace.LongestDescription)
        {
            throw Damaged("the head is malformed");
        }

        var rest = new byte[length + sizeof(uint)];
        Fill(rest);
        ReadOnlySpan<byte> description = rest.AsSpan(0, (int)length);
        if (Crc32C.Compute(head, description) != BinaryPrimitives.ReadUInt32LittleEndian(rest.AsSpan((int)length)))
        {
            throw Damaged("the checksum of the head is wrong");
        }

        return TraceDescription.Decode(description) ?? throw Damaged("the head is malformed");
    }

    private void Fill(Span<byte> buffer)
    {
        for (int filled = 0; filled < buffer.Length;)
        {
            int count = ReadSome(buffer[filled..]);
            if (count == 0)
            {
                throw Damaged("it is cut off");
            }

            filled += count;
            _offset += count;
        }
    }

    private int ReadSome(Span<byte> buffer)
    {
        if (_decompressor is null)
        {
            return _input.Read(buffer);
        }

        try
        {
            return _decompressor.Read(buffer);
        }
        catch (Exception e) when (TraceInput.IsInputFailure(e))
        {
            throw _input.Failure(e);
        }
    }

    private TraceFormatException Damaged(string reason) =>
        TraceFormatException.AtOffset(
            Name, _offset, _decompressor is null && !_input.IsGzip ? reason : reason + " (the place is counted after decompression)");
}
