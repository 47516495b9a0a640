using System.Globalization;
using System.Text;

namespace BsdVm.Script;

/// <summary>
/// A string of bytes with value equality: what a process stores and loads. Not text: any of the 256 values may stand in it.
/// </summary>
public readonly struct ByteString : IEquatable<ByteString>
{
    private readonly byte[]? _bytes;

    /// <summary>A copy of <paramref name="bytes"/>.</summary>
    public ByteString(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>The number of bytes.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(ByteString other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ByteString other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>
    /// Quoted, as transcripts print it and scripts accept it: <c>"</c> and <c>\</c> behind a backslash, every byte outside 0x20 to 0x7e
    /// as <c>\xhh</c>.
    /// </summary>
    public override string ToString()
    {
        StringBuilder text = new(Length + 2);
        text.Append('"');
        foreach (byte value in Span)
        {
            AppendEscaped(text, value);
        }

        return text.Append('"').ToString();
    }

    private static void AppendEscaped(StringBuilder text, byte value)
    {
        if (value is (byte)'"' or (byte)'\\')
        {
            text.Append('\\').Append((char)value);
        }
        else if (value is >= 0x20 and <= 0x7e)
        {
            text.Append((char)value);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
        }
    }
}
