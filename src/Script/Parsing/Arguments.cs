namespace BsdVm.Script;

/// <summary>The kinds of argument that operations take, each read with a complaint that says what it should have been.</summary>
internal static class Arguments
{
    public static bool TryAddress(this ref LineCursor line, out VirtualAddress address)
    {
        bool ok = line.TryNumber("ADDR", out ulong value);
        address = new VirtualAddress(value);
        return ok;
    }

    public static bool TryRange(this ref LineCursor line, out VirtualAddress address, out ulong lengthBytes)
    {
        lengthBytes = 0;
        return line.TryAddress(out address) && line.TryNumber("LEN", out lengthBytes);
    }

    /// <summary>What pread and pwrite take: a file, an offset in it, a range of memory.</summary>
    public static bool TryTransfer(
        this ref LineCursor line, out string file, out ulong offset, out VirtualAddress address, out ulong lengthBytes)
    {
        offset = 0;
        address = default;
        lengthBytes = 0;
        return line.TryName("file", out file) && line.TryNumber("OFFSET", out offset) && line.TryRange(out address, out lengthBytes);
    }

    public static bool TryByte(this ref LineCursor line, out byte value)
    {
        value = 0;
        if (!line.TryNumber("BYTE", out ulong number))
        {
            return false;
        }

        value = unchecked((byte)number);
        return number <= byte.MaxValue || line.Fail("BYTE is 0 to 255");
    }

    public static bool TryProtection(this ref LineCursor line, out Protection protection)
    {
        protection = Protection.None;
        if (!line.TryWord("PROT", out string word))
        {
            return false;
        }

        if (word.Length != 3 || word[0] is not ('r' or '-') || word[1] is not ('w' or '-') || word[2] is not ('x' or '-'))
        {
            return line.Fail($"PROT '{LineCursor.Cut(word)}' is not three characters of rwx-, such as rw-");
        }

        protection = (word[0] == 'r' ? Protection.Read : 0) | (word[1] == 'w' ? Protection.Write : 0)
            | (word[2] == 'x' ? Protection.Execute : 0);
        return true;
    }

    public static bool TryChoice<T>(this ref LineCursor line, string what, out T value)
        where T : struct, Enum
    {
        value = default;
        return line.TryWord(what, out string word)
            && (Words.TryParse(word, out value) || line.Fail($"unknown {what} '{LineCursor.Cut(word)}'; there are {Words.All<T>()}"));
    }

    /// <summary>A name of a process or a file: a letter or _, then letters, digits, _ . and -.</summary>
    public static bool TryName(this ref LineCursor line, string what, out string name) =>
        line.TryWord(what, out name) && (IsName(name) || line.Fail(NotAName(what, name)));

    public static string NotAName(string what, string name) =>
        $"{what} '{LineCursor.Cut(name)}' is not a name: a letter or _, then letters, digits, _ . and -";

    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || !(char.IsAsciiLetter(name[0]) || name[0] == '_'))
        {
            return false;
        }

        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '.' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
