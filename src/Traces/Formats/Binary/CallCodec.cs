namespace BsdVm.Traces;

/// <summary>System calls inside the compact form: number, result, then the arguments in the order of the record's parameters.</summary>
internal static class CallCodec
{
    public static void Write(ByteWriter writer, TraceCall call)
    {
        writer.Number((ulong)call.Call);
        writer.Byte((byte)call.Result.Outcome);
        writer.Number(call.Result.Value);
        switch (call)
        {
            case MmapCall c:
                Numbers(writer, c.Address, c.LengthBytes, c.ProtectionBits, c.Flags);
                writer.Signed(c.Descriptor);
                writer.Number(c.Offset);
                OptionalText(writer, c.File);
                break;
            case MprotectCall c:
                Numbers(writer, c.Address, c.LengthBytes, c.ProtectionBits);
                break;
            case MunmapCall c:
                Numbers(writer, c.Address, c.LengthBytes);
                break;
            case BrkCall c:
                writer.Number(c.Address);
                break;
            case MremapCall c:
                Numbers(writer, c.OldAddress, c.OldLengthBytes, c.NewLengthBytes, c.Flags, c.NewAddress);
                break;
            case MadviseCall c:
                Numbers(writer, c.Address, c.LengthBytes);
                writer.Signed(c.Advice);
                break;
            case ForkCall c:
                writer.Number(c.Flags);
                writer.Signed(c.Child);
                break;
            case ExecveCall c:
                writer.Text(c.Path);
                MapCodec.Write(writer, c.InitialMaps);
                break;
            case Wait4Call c:
                writer.Signed(c.ProcessId);
                writer.Number(c.Options);
                break;
            case ExitCall c:
                writer.Signed(c.Status);
                break;
            default:
                throw new ArgumentException($"A call of type {call.GetType().Name} has no compact form.", nameof(call));
        }
    }

    /// <summary>Reads one call; null where the bytes are none.</summary>
    public static TraceCall? Read(ReadOnlySpan<byte> bytes, int process)
    {
        var parser = new ByteParser(bytes);
        ulong number = parser.Number();
        byte outcome = parser.Byte();
        var result = new CallResult((CallOutcome)outcome, parser.Number());
        bool isSound = outcome <= (byte)CallOutcome.Failure;
        TraceCall? call = number > int.MaxValue ? null : ReadArguments(ref parser, (SystemCall)number, process, result, ref isSound);
        return parser.IsFinished && isSound ? call : null;
    }

    /// <summary>C# evaluates arguments from left to right, which is the order of the file.</summary>
    private static TraceCall? ReadArguments(
        ref ByteParser parser, SystemCall which, int process, CallResult result, ref bool isSound) => which switch
        {
            SystemCall.Mmap => new MmapCall(process, result, parser.Number(), parser.Number(), parser.Number(), parser.Number(),
                parser.SignedSmall(), parser.Number(), ReadOptionalText(ref parser)),
            SystemCall.Mprotect => new MprotectCall(process, result, parser.Number(), parser.Number(), parser.Number()),
            SystemCall.Munmap => new MunmapCall(process, result, parser.Number(), parser.Number()),
            SystemCall.Brk => new BrkCall(process, result, parser.Number()),
            SystemCall.Mremap =>
                new MremapCall(process, result, parser.Number(), parser.Number(), parser.Number(), parser.Number(), parser.Number()),
            SystemCall.Madvise => new MadviseCall(process, result, parser.Number(), parser.Number(), parser.SignedSmall()),
            SystemCall.Clone or SystemCall.Fork or SystemCall.Vfork =>
                new ForkCall(process, result, which, parser.Number(), parser.SignedSmall()),
            SystemCall.Execve => new ExecveCall(process, result, parser.Text(), MapCodec.Read(ref parser, ref isSound)),
            SystemCall.Wait4 => new Wait4Call(process, result, parser.SignedSmall(), parser.Number()),
            SystemCall.Exit or SystemCall.ExitGroup => new ExitCall(process, result, which, parser.SignedSmall()),
            _ => null,
        };

    private static void Numbers(ByteWriter writer, params ReadOnlySpan<ulong> values)
    {
        foreach (ulong value in values)
        {
            writer.Number(value);
        }
    }

    private static void OptionalText(ByteWriter writer, string? text)
    {
        writer.Byte(text is null ? (byte)0 : (byte)1);
        writer.Text(text ?? string.Empty);
    }

    private static string? ReadOptionalText(ref ByteParser parser)
    {
        bool isThere = parser.Byte() != 0;
        string text = parser.Text();
        return isThere ? text : null;
    }
}
