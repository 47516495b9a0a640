namespace BsdVm.Traces;

/// <summary>
/// The description in the head of the compact form. What is known only at the end has a fixed length, so that it can be filled in.
/// </summary>
internal sealed record TraceDescription(
    TraceOrigin Origin, TraceCounts Counts, int ProcessCount, IReadOnlyList<MemoryMapEntry>? InitialMaps)
{
    private const int HashBytes = 32;

    public byte[] Encode()
    {
        var writer = new ByteWriter();
        writer.Raw(Convert.FromHexString(Origin.Sha256));
        writer.Fixed(Counts.InstructionFetches);
        writer.Fixed(Counts.Loads);
        writer.Fixed(Counts.Stores);
        writer.Fixed(Counts.Modifies);
        writer.Fixed(Counts.StraddlingAccesses);
        writer.Fixed(Counts.Calls);
        writer.Fixed(ProcessCount);
        writer.Byte((byte)Origin.Format);
        writer.Text(Origin.Source);
        writer.Text(Origin.Note);
        MapCodec.Write(writer, InitialMaps);
        return writer.Written.ToArray();
    }

    /// <summary>Null where the bytes are no description.</summary>
    public static TraceDescription? Decode(ReadOnlySpan<byte> bytes)
    {
        var parser = new ByteParser(bytes);
        string hash = Convert.ToHexStringLower(parser.Raw(HashBytes));
        var counts = new TraceCounts(parser.Fixed(), parser.Fixed(), parser.Fixed(), parser.Fixed(), parser.Fixed(), parser.Fixed());
        long processes = parser.Fixed();
        byte format = parser.Byte();
        var origin = new TraceOrigin(parser.Text(), (TraceFormat)format, hash, parser.Text());
        bool isSound = Enum.IsDefined(origin.Format) && processes is >= 0 and <= ushort.MaxValue + 1;
        List<MemoryMapEntry>? maps = MapCodec.Read(ref parser, ref isSound);
        return isSound && parser.IsFinished ? new TraceDescription(origin, counts, (int)processes, maps) : null;
    }
}
