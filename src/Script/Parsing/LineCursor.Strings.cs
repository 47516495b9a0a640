using System.Runtime.InteropServices;
using System.Text;

namespace BsdVm.Script;

/// <content>Quoted strings, whose escapes make bytes.</content>
internal ref partial struct LineCursor
{
    /// <summary>Reads a double-quoted string of bytes.</summary>
    public bool TryString(string what, out ByteString value)
    {
        value = default;
        bool quoted = AtQuote;
        _tokenStart = _position;
        if (!quoted)
        {
            return Fail($"expected {what} (a string in double quotes), found {Describe()}");
        }

        List<byte> bytes = [];
        _position++;
        while (_position < _line.Length && _line[_position] != '"')
        {
            if (!TryStringByte(bytes))
            {
                return false;
            }
        }

        if (_position >= _line.Length)
        {
            return Fail("the string has no closing quote");
        }

        _position++;
        value = new ByteString(CollectionsMarshal.AsSpan(bytes));
        return true;
    }

    private bool TryStringByte(List<byte> bytes)
    {
        byte value = _line[_position];
        if (value != '\\')
        {
            if (value < 0x20 && value != '\t')
            {
                return FailAt(_position, $"byte 0x{value:x2} in a string: write it as \\x{value:x2}");
            }

            bytes.Add(value);
            _position++;
            return true;
        }

        int escape = _position;
        char kind = _position + 1 < _line.Length ? (char)_line[_position + 1] : '\0';
        _position += 2;
        int unescaped = kind switch
        {
            'n' => '\n',
            't' => '\t',
            '0' => 0,
            '\\' or '"' => kind,
            'x' => TakeHexByte(),
            _ => -1,
        };
        if (unescaped < 0)
        {
            return FailAt(
                escape, "unknown escape in a string: the escapes are \\n \\t \\0 \\\\ \\\" and \\xHH with two hexadecimal digits");
        }

        bytes.Add((byte)unescaped);
        return true;
    }

    private int TakeHexByte()
    {
        if (_position + 2 > _line.Length
            || !char.IsAsciiHexDigit((char)_line[_position])
            || !char.IsAsciiHexDigit((char)_line[_position + 1]))
        {
            return -1;
        }

        int value = Convert.FromHexString(Encoding.ASCII.GetString(_line.Slice(_position, 2)))[0];
        _position += 2;
        return value;
    }
}
