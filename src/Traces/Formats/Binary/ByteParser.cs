using System.Buffers.Binary;
using System.Text;

namespace BsdVm.Traces;

/// <summary>
/// The counterpart of <see cref="ByteWriter"/>. Past the end, or on a malformed number, it turns unsound and delivers zeros.
/// </summary>
internal ref struct ByteParser(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool IsUnsound { get; private set; }

    /// <summary>Whether all was taken and none of it was unsound.</summary>
    public readonly bool IsFinished => !IsUnsound && _rest.IsEmpty;

    public byte Byte() => Raw(1) is [byte value] ? value : (byte)0;

    public ReadOnlySpan<byte> Raw(int count)
    {
        if (count > _rest.Length)
        {
            IsUnsound = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public long Fixed() => Raw(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        IsUnsound = true;
        return 0;
    }

    public long Signed()
    {
        ulong value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number that must fit in 31 bits, a count for instance.</summary>
    public int Small()
    {
        ulong value = Number();
        IsUnsound |= value > int.MaxValue;
        return IsUnsound ? 0 : (int)value;
    }

    public int SignedSmall()
    {
        long value = Signed();
        IsUnsound |= value != (int)value;
        return (int)value;
    }

    public string Text() => Encoding.UTF8.GetString(Raw(Small()));
}
