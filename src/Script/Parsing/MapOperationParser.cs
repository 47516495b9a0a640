namespace BsdVm.Script;

/// <summary>Reads the operations that make, change, move and list mappings.</summary>
internal static class MapOperationParser
{
    public static bool TryParse(ref LineCursor line, string name, out ProcessOperation? operation)
    {
        switch (name)
        {
            case "mmap":
                return TryMmap(ref line, out operation);
            case "mremap":
                return TryMremap(ref line, out operation);
            case "maps":
                return TryMaps(ref line, out operation);
            case "brk":
                bool ok = line.TryAddress(out VirtualAddress address);
                operation = new BrkOperation(address);
                return ok;
            case "sbrk":
                return TrySbrk(ref line, out operation);
            case "munmap":
                ok = line.TryRange(out address, out ulong length);
                operation = new MunmapOperation(address, length);
                return ok;
            default:
                Protection protection = Protection.None;
                ok = line.TryRange(out address, out length) && line.TryProtection(out protection);
                operation = new MprotectOperation(address, length, protection);
                return ok;
        }
    }

    private static bool TryMmap(ref LineCursor line, out ProcessOperation? operation)
    {
        operation = null;
        VirtualAddress? address = null;
        if (!line.TakeIf("any"))
        {
            bool ok = line.TryNumber("ADDR or any", out ulong exactly);
            address = new VirtualAddress(exactly);
            if (!ok)
            {
                return false;
            }
        }

        if (!line.TryNumber("LEN", out ulong length)
            || !line.TryProtection(out Protection protection)
            || !TrySharing(ref line, out bool shared)
            || !line.TrySource(out ScriptSource source)
            || !TryFlags(ref line, out bool noReplace, out bool growsDown))
        {
            return false;
        }

        operation = new MmapOperation(address, length, protection, shared, source, noReplace, growsDown);
        return (!noReplace || address is not null) || line.Fail("noreplace goes with a number as ADDR");
    }

    private static bool TrySharing(ref LineCursor line, out bool shared)
    {
        bool ok = line.TryWord("SHARING", out string word);
        shared = word == "shared";
        return ok && (shared || word == "private" || line.Fail($"SHARING '{LineCursor.Cut(word)}' is neither private nor shared"));
    }

    private static bool TryFlags(ref LineCursor line, out bool noReplace, out bool growsDown)
    {
        noReplace = false;
        growsDown = false;
        while (!line.AtEnd && !line.AtResult)
        {
            if (!line.TryWord("noreplace or growsdown", out string word))
            {
                return false;
            }

            bool repeated = (word == "noreplace" && noReplace) || (word == "growsdown" && growsDown);
            if (repeated || word is not ("noreplace" or "growsdown"))
            {
                return line.Fail(repeated
                    ? $"{word} stands twice"
                    : $"unknown option '{LineCursor.Cut(word)}' of mmap; there are noreplace, growsdown");
            }

            noReplace |= word == "noreplace";
            growsDown |= word == "growsdown";
        }

        return true;
    }

    private static bool TryMremap(ref LineCursor line, out ProcessOperation? operation)
    {
        operation = null;
        if (!line.TryAddress(out VirtualAddress address)
            || !line.TryNumber("OLDLEN", out ulong oldLength)
            || !line.TryNumber("NEWLEN", out ulong newLength))
        {
            return false;
        }

        bool mayMove = line.TakeIf("maymove");
        VirtualAddress? target = null;
        if (!mayMove && line.TakeIf("to"))
        {
            bool ok = line.TryNumber("NEWADDR", out ulong exactly);
            target = new VirtualAddress(exactly);
            if (!ok)
            {
                return false;
            }
        }

        operation = new MremapOperation(address, oldLength, newLength, mayMove, target);
        return true;
    }

    private static bool TryMaps(ref LineCursor line, out ProcessOperation? operation)
    {
        operation = new MapsOperation();
        if (line.AtEnd || line.AtResult)
        {
            return true;
        }

        bool ok = line.TryRange(out VirtualAddress address, out ulong length);
        operation = new MapsOperation(address, length);
        return ok;
    }

    private static bool TrySbrk(ref LineCursor line, out ProcessOperation? operation)
    {
        operation = null;
        if (!line.TryWord("DELTA (a number, negative with a - ahead)", out string word))
        {
            return false;
        }

        bool negative = word.StartsWith('-');
        if (!NumberText.TryParse(negative ? word.AsSpan(1) : word, out ulong distance, out string problem))
        {
            return line.Fail($"DELTA '{LineCursor.Cut(word)}' {problem}");
        }

        if (distance > long.MaxValue)
        {
            return line.Fail($"DELTA '{LineCursor.Cut(word)}' does not fit in 63 bits");
        }

        operation = new SbrkOperation(negative ? -(long)distance : (long)distance);
        return true;
    }
}
