namespace BsdVm.Script.Tests;

/// <content>Loads, stores, fetches and the copies of system calls, byte by byte.</content>
internal sealed partial class PlainMachine
{
    private const ulong StackGapPages = 256;

    private ScriptResult Load(PlainSpace space, ulong address, ulong length)
    {
        byte[] bytes = new byte[length];
        for (ulong index = 0; index < length; index++)
        {
            if (Byte(space, unchecked(address + index), AccessKind.Read, out Span<byte> place) is { } signal)
            {
                return signal;
            }

            bytes[index] = place[0];
        }

        return new BytesResult(new ByteString(bytes));
    }

    private ScriptResult Store(PlainSpace space, ulong address, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (Byte(space, address, AccessKind.Write, out Span<byte> place) is { } signal)
            {
                return signal;
            }

            place[0] = value;
            address = unchecked(address + 1);
        }

        return ScriptResult.Ok;
    }

    private ScriptResult Fetch(PlainSpace space, ulong address)
    {
        ScriptResult? signal = Byte(space, address, AccessKind.Execute, out Span<byte> place);
        return signal ?? (place[0] == FetchOperation.ReturnInstruction ? ScriptResult.Ok : ScriptResult.BadByte(place[0]));
    }

    private ScriptResult Pread(PlainSpace space, PreadOperation read)
    {
        if (TransferError(read.Offset, read.Address.Value, read.LengthBytes, "EINVAL") is { } error)
        {
            return error;
        }

        PlainFile file = _files[read.File];
        ulong length = read.Offset >= file.Size ? 0 : Math.Min(read.LengthBytes, file.Size - read.Offset);
        return Transfer(length, index => Store(space, read.Address.Value + index, file.Read(read.Offset + index, 1)) == ScriptResult.Ok);
    }

    private ScriptResult Pwrite(PlainSpace space, PwriteOperation write)
    {
        if (TransferError(write.Offset, write.Address.Value, write.LengthBytes, linux ? "EINVAL" : "EFBIG") is { } error)
        {
            return error;
        }

        return Transfer(write.LengthBytes, index =>
        {
            if (Load(space, write.Address.Value + index, 1) is not BytesResult one)
            {
                return false;
            }

            _files[write.File].Write(write.Offset + index, one.Bytes.Span);
            return true;
        });
    }

    private ScriptResult? TransferError(ulong offset, ulong address, ulong length, string tooFar)
    {
        if (!linux && length > int.MaxValue)
        {
            return Error("EINVAL");
        }

        if (address > LastAddress || length > LastAddress - address)
        {
            return Error("EFAULT");
        }

        return offset > long.MaxValue ? Error("EINVAL") : length > long.MaxValue - offset ? Error(tooFar) : null;
    }

    // Byte by byte, up to the first that fails.
    private ScriptResult Transfer(ulong length, Func<ulong, bool> move)
    {
        ulong done = 0;
        while (done < length && move(done))
        {
            done++;
        }

        return done == length || (linux && done > 0) ? new NumberResult(done, false) : Error("EFAULT");
    }

    // The byte's place, for one access of the kind; or the signal.
    private WordResult? Byte(PlainSpace space, ulong address, AccessKind kind, out Span<byte> place)
    {
        place = default;
        ulong page = address / PageSize.BaseBytes;
        PlainRegion? region = space.Find(page) ?? Grown(space, page);
        if (region is null)
        {
            return new WordResult("SIGSEGV");
        }

        if (!Expressed(region.Rights).Allows(kind))
        {
            return new WordResult(_lite2 ? "SIGBUS" : "SIGSEGV");
        }

        byte[]? below = region.Source is null ? Zeros : region.Source.Page(region.SourcePage + (page - region.Start));
        if (!region.Shared && region.Overlay.TryGetValue(page, out byte[]? own))
        {
            below = own;
        }

        if (below is null)
        {
            return new WordResult("SIGBUS");
        }

        if (kind == AccessKind.Write && !region.Shared && !region.Overlay.ContainsKey(page))
        {
            region.Overlay[page] = below = (byte[])below.Clone();
        }

        place = below.AsSpan((int)(address % PageSize.BaseBytes), 1);
        return null;
    }

    private static byte[] Zeros => new byte[PageSize.BaseBytes];

    // What x86 tables can express: writable is readable, and without NX readable is executable.
    private Protection Expressed(Protection rights)
    {
        Protection expressed = rights.Allows(Protection.Write) ? rights | Protection.Read : rights;
        return !_noExecute && rights != Protection.None ? expressed | Protection.ReadExecute : expressed;
    }

    private static PlainRegion? Grown(PlainSpace space, ulong page)
    {
        PlainRegion? above = space.Regions.FirstOrDefault(region => region.Start > page);
        PlainRegion? below = space.Regions.LastOrDefault(region => region.End <= page);
        if (above is not { GrowsDown: true } || (below is not null && page < below.End + StackGapPages))
        {
            return null;
        }

        PlainRegion grown = above with { Start = page };
        space.Add(grown);
        return grown;
    }
}
