namespace BsdVm.Script;

/// <summary>Reads the operations that act on files from outside every process.</summary>
internal static class FileOperationParser
{
    public static bool TryParse(ref LineCursor line, string name, out FileOperation? operation)
    {
        operation = null;
        return line.TryName("file", out string file) && name switch
        {
            "file" => TryCreate(ref line, file, out operation),
            "file.write" => TryWrite(ref line, file, out operation),
            "file.read" => TryRead(ref line, file, out operation),
            _ => TryTruncate(ref line, file, out operation),
        };
    }

    private static bool TryCreate(ref LineCursor line, string file, out FileOperation? operation)
    {
        operation = null;
        byte value = 0;
        if (!line.TryNumber("SIZE", out ulong size))
        {
            return false;
        }

        if (size > FileCreateOperation.LargestBytes)
        {
            return line.Fail("SIZE is at most 1G: every byte of it is written (file.truncate makes a larger one with a hole)");
        }

        if (!line.AtEnd && !line.AtResult && !line.TryByte(out value))
        {
            return false;
        }

        operation = new FileCreateOperation(file, size, value);
        return true;
    }

    private static bool TryWrite(ref LineCursor line, string file, out FileOperation? operation)
    {
        operation = null;
        if (!line.TryNumber("OFFSET", out ulong offset) || !line.TryString("STRING", out ByteString bytes))
        {
            return false;
        }

        operation = new FileWriteOperation(file, offset, bytes);
        return true;
    }

    private static bool TryRead(ref LineCursor line, string file, out FileOperation? operation)
    {
        operation = null;
        if (!line.TryNumber("OFFSET", out ulong offset) || !line.TryNumber("LEN", out ulong length))
        {
            return false;
        }

        operation = new FileReadOperation(file, offset, length);
        return length <= LoadOperation.LongestBytes || line.Fail("LEN of file.read is at most 16M");
    }

    private static bool TryTruncate(ref LineCursor line, string file, out FileOperation? operation)
    {
        bool ok = line.TryNumber("SIZE", out ulong size);
        operation = new FileTruncateOperation(file, size);
        return ok;
    }
}
