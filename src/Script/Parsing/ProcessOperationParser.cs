namespace BsdVm.Script;

/// <summary>Reads the operations of a process, from the operation's name on.</summary>
internal static class ProcessOperationParser
{
    private const string Names =
        "mmap, munmap, mprotect, mlock, munlock, msync, madvise, minherit, mremap, mincore, brk, sbrk, fork, vfork, exit, wait, "
        + "pread, pwrite, load, store, fill, fetch, maps, on, exec, thread";

    public static bool TryParse(ref LineCursor line, out ProcessOperation? operation)
    {
        operation = null;
        if (!line.TryWord("an operation", out string name))
        {
            return false;
        }

        switch (name)
        {
            case "mmap" or "munmap" or "mprotect" or "mremap" or "maps" or "brk" or "sbrk":
                return MapOperationParser.TryParse(ref line, name, out operation);
            case "mlock" or "munlock" or "msync" or "madvise" or "minherit" or "mincore":
                return TryRangeOperation(ref line, name, out operation);
            case "fork" or "vfork" or "exit" or "wait":
                return TryLifeOperation(ref line, name, out operation);
            case "load" or "store" or "fill" or "fetch":
                return TryAccess(ref line, name, out operation);
            case "pread" or "pwrite":
                return TryTransfer(ref line, name, out operation);
            case "on" or "exec" or "thread":
                return line.Fail($"{name} is not yet supported");
            default:
                return line.Fail($"unknown operation '{LineCursor.Cut(name)}'; there are {Names}");
        }
    }

    private static bool TryRangeOperation(ref LineCursor line, string name, out ProcessOperation? operation)
    {
        operation = null;
        if (!line.TryRange(out VirtualAddress address, out ulong length))
        {
            return false;
        }

        switch (name)
        {
            case "mlock":
                operation = new MlockOperation(address, length);
                return true;
            case "munlock":
                operation = new MunlockOperation(address, length);
                return true;
            case "mincore":
                operation = new MincoreOperation(address, length);
                return true;
            case "msync":
                bool ok = line.TryChoice("msync mode", out ScriptSync mode);
                operation = new MsyncOperation(address, length, mode);
                return ok;
            case "madvise":
                ok = line.TryChoice("advice", out ScriptAdvice advice);
                operation = new MadviseOperation(address, length, advice);
                return ok;
            default:
                ok = line.TryChoice("inheritance", out ScriptInheritance inheritance);
                operation = new MinheritOperation(address, length, inheritance);
                return ok;
        }
    }

    private static bool TryLifeOperation(ref LineCursor line, string name, out ProcessOperation? operation)
    {
        if (name == "exit")
        {
            operation = new ExitOperation();
            return true;
        }

        bool ok = line.TryName("process", out string process);
        operation = name switch
        {
            "fork" => new ForkOperation(process),
            "vfork" => new VforkOperation(process),
            _ => new WaitOperation(process),
        };
        return ok;
    }

    private static bool TryAccess(ref LineCursor line, string name, out ProcessOperation? operation)
    {
        operation = null;
        if (!line.TryAddress(out VirtualAddress address))
        {
            return false;
        }

        switch (name)
        {
            case "load":
                bool ok = line.TryNumber("LEN", out ulong length);
                operation = new LoadOperation(address, length);
                return ok && (length <= LoadOperation.LongestBytes || line.Fail("LEN of load is at most 16M"));
            case "store":
                ok = line.TryString("STRING", out ByteString bytes);
                operation = new StoreOperation(address, bytes);
                return ok;
            case "fill":
                byte value = 0;
                ok = line.TryNumber("LEN", out length) && line.TryByte(out value);
                operation = new FillOperation(address, length, value);
                return ok;
            default:
                operation = new FetchOperation(address);
                return true;
        }
    }

    private static bool TryTransfer(ref LineCursor line, string name, out ProcessOperation? operation)
    {
        operation = null;
        if (!line.TryName("file", out string file)
            || !line.TryNumber("OFFSET", out ulong offset)
            || !line.TryRange(out VirtualAddress address, out ulong length))
        {
            return false;
        }

        operation = name == "pread"
            ? new PreadOperation(file, offset, address, length)
            : new PwriteOperation(file, offset, address, length);
        return true;
    }
}
