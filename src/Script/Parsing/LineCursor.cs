using System.Text;

namespace BsdVm.Script;

/// <summary>
/// Reads one line of a script token by token. The first failure stays: column and message, for the caller to make a
/// <see cref="ScriptError"/> of. The line is valid UTF-8, without its line break.
/// </summary>
internal ref partial struct LineCursor(ReadOnlySpan<byte> line)
{
    private const int LongestQuotation = 40;
    private readonly ReadOnlySpan<byte> _line = line;
    private int _position = 0;

    // Where the token read last began, so that a complaint about its meaning can point at it.
    private int _tokenStart = 0;

    /// <summary>The first failure's message; null while all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>The first failure's column.</summary>
    public int FailureColumn { get; private set; }

    /// <summary>The column of the next token, from 1.</summary>
    public int NextColumn
    {
        get
        {
            SkipBlanks();
            return Column(_position);
        }
    }

    /// <summary>Whether nothing but blanks or a comment is left.</summary>
    public bool AtEnd
    {
        get
        {
            SkipBlanks();
            return _position >= _line.Length || _line[_position] == '#';
        }
    }

    /// <summary>Whether the next token is a quoted string.</summary>
    public bool AtQuote => !AtEnd && _line[_position] == '"';

    /// <summary>Whether <c>==</c> is next.</summary>
    public bool AtResult => !AtEnd && AtAssertion;

    /// <summary>Notes a failure at the token read last. Always false, so that it can be returned.</summary>
    public bool Fail(string message) => FailAt(_tokenStart, message);

    /// <summary>
    /// Reads a word: printable ASCII up to a blank, a quote or a comment. <paramref name="what"/> names it in a complaint.
    /// </summary>
    public bool TryWord(string what, out string word)
    {
        word = "";
        bool atEnd = AtEnd;
        _tokenStart = _position;
        if (atEnd || !IsWordByte(_line[_position]) || AtAssertion)
        {
            return Fail($"expected {what}, found {Describe()}");
        }

        while (_position < _line.Length && IsWordByte(_line[_position]))
        {
            _position++;
        }

        if (_position < _line.Length && _line[_position] is not ((byte)' ' or (byte)'\t' or (byte)'"' or (byte)'#'))
        {
            return FailAt(_position, $"unexpected {Describe()}");
        }

        word = Encoding.ASCII.GetString(_line[_tokenStart.._position]);
        return true;
    }

    /// <summary>Reads <c>==</c> if it is next.</summary>
    public bool TakeAssertion()
    {
        if (!AtResult)
        {
            return false;
        }

        _tokenStart = _position;
        _position += 2;
        return true;
    }

    /// <summary>Reads the word only if it is the expected one.</summary>
    public bool TakeIf(string expected)
    {
        if (AtEnd || !_line[_position..].StartsWith(Encoding.ASCII.GetBytes(expected)))
        {
            return false;
        }

        int end = _position + expected.Length;
        if (end < _line.Length && IsWordByte(_line[end]))
        {
            return false;
        }

        _tokenStart = _position;
        _position = end;
        return true;
    }

    /// <summary>
    /// Reads <c>PROC:</c> or <c>PROC@CPU:</c> up to and with the colon, which no blank need follow; null if the line has none.
    /// </summary>
    public string? TakeProcess()
    {
        SkipBlanks();
        int end = _position;
        while (end < _line.Length && IsWordByte(_line[end]) && _line[end] != ':')
        {
            end++;
        }

        if (end >= _line.Length || _line[end] != ':')
        {
            return null;
        }

        _tokenStart = _position;
        _position = end + 1;
        return Encoding.ASCII.GetString(_line[_tokenStart..end]);
    }

    /// <summary>Reads a number or a sum of numbers.</summary>
    public bool TryNumber(string what, out ulong value)
    {
        value = 0;
        if (!TryWord(what + " (a number)", out string word))
        {
            return false;
        }

        return NumberText.TryParse(word, out value, out string problem) || Fail($"{what} '{Cut(word)}' {problem}");
    }

    /// <summary>Fails unless nothing but a comment is left.</summary>
    public bool TryEnd()
    {
        bool atEnd = AtEnd;
        _tokenStart = _position;
        return atEnd || Fail($"nothing more is expected here, found {Describe()}");
    }

    /// <summary>A token as a message quotes it: never longer than a line on a screen.</summary>
    public static string Cut(string word) => word.Length <= LongestQuotation ? word : word[..LongestQuotation] + "...";

    private readonly bool AtAssertion => _line[_position..].StartsWith("=="u8);

    private static bool IsWordByte(byte value) => value is > 0x20 and < 0x7f and not (byte)'"' and not (byte)'#';

    private bool FailAt(int position, string message)
    {
        if (Failure is null)
        {
            Failure = message;
            FailureColumn = Column(position);
        }

        return false;
    }

    private readonly int Column(int position)
    {
        int column = 1;
        foreach (byte value in _line[..Math.Min(position, _line.Length)])
        {
            column += (value & 0xc0) == 0x80 ? 0 : 1;
        }

        return column;
    }

    private void SkipBlanks()
    {
        while (_position < _line.Length && _line[_position] is (byte)' ' or (byte)'\t')
        {
            _position++;
        }
    }

    private readonly string Describe()
    {
        if (_position >= _line.Length || _line[_position] == '#')
        {
            return "end of line";
        }

        byte first = _line[_position];
        if (first == '"')
        {
            return "string";
        }

        if (!IsWordByte(first))
        {
            return first < 0x80 ? $"byte 0x{first:x2}" : "character outside ASCII";
        }

        int end = _position;
        while (end < _line.Length && IsWordByte(_line[end]))
        {
            end++;
        }

        return $"'{Cut(Encoding.ASCII.GetString(_line[_position..end]))}'";
    }
}
