namespace BsdVm.Traces;

/// <summary>
/// Cuts an input into lines without allocating. The fast parsers work in <see cref="Bytes"/> directly: between <see cref="Position"/>
/// and <see cref="Limit"/> lie whole lines, the last one ends with a newline even where the file's does not.
/// </summary>
internal sealed class LineBuffer(TraceInput input)
{
    /// <summary>No line of a log is longer; a file without newlines is refused before it fills the host's memory.</summary>
    internal const int LongestLine = 1 << 18;

    private int _filled;
    private bool _isAtEnd;

    /// <summary>
    /// Some bytes longer than it is ever filled: for the newline that the last line may lack, and for reads of whole words.
    /// </summary>
    public byte[] Bytes { get; } = new byte[2 * LongestLine + 64];

    public int Position { get; set; }

    public int Limit { get; private set; }

    /// <summary>The number of the line taken last, counted from 1.</summary>
    public long LineNumber { get; set; }

    /// <summary>Makes sure of at least one whole line; false at the end of the input.</summary>
    public bool TryFill()
    {
        if (Position < Limit)
        {
            return true;
        }

        Bytes.AsSpan(Position, _filled - Position).CopyTo(Bytes);
        _filled -= Position;
        Position = 0;
        Limit = 0;
        while (Limit == 0 && !_isAtEnd)
        {
            FillOnce();
        }

        return Limit > 0;
    }

    /// <summary>Takes the next line, without its newline.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        if (!TryFill())
        {
            line = default;
            return false;
        }

        line = Bytes.AsSpan(Position, Bytes.AsSpan(Position, Limit - Position).IndexOf((byte)'\n'));
        Position += line.Length + 1;
        LineNumber++;
        return true;
    }

    private void FillOnce()
    {
        int count = input.Read(Bytes.AsSpan(_filled, 2 * LongestLine - _filled));
        if (count > 0 && _filled + count > LongestLine && Bytes.AsSpan(_filled, count).IndexOf((byte)'\n') < 0)
        {
            throw TraceFormatException.AtLine(
                input.Name, LineNumber + 1, $"the line is longer than {LongestLine} bytes; this is no text of ours");
        }

        if (count == 0)
        {
            _isAtEnd = true;
            if (_filled > 0)
            {
                Bytes[_filled++] = (byte)'\n';
            }
        }

        _filled += count;
        Limit = Bytes.AsSpan(0, _filled).LastIndexOf((byte)'\n') + 1;
    }
}
