namespace BsdVm.Traces;

/// <summary>
/// The compact form of a trace. All numbers are little-endian.
/// <code>
/// head    magic (8), version (2), compression (2), length of the description (4), description, CRC-32C of all that
/// blocks  kind (2), process (2), accesses (4), length (4), CRC-32C of the first 12 bytes and the content (4), content
/// </code>
/// A block of accesses holds one tag byte for each access (<see cref="AccessTags"/>), then the address differences that the tags announce.
/// A call has a block of its own, the end as well. The blocks as a whole may be compressed by Brotli. The head is written last: a file
/// whose writing was interrupted has no magic.
/// </summary>
internal static class BinaryTrace
{
    public const int MagicBytes = 8;
    public const int Version = 1;
    public const int HeadBytes = 16;
    public const int BlockHeadBytes = 16;
    public const int LongestDescription = 1 << 24;
    public const int LongestCall = 1 << 22;

    /// <summary>Few enough that the counters of four kinds fit in one 64-bit word while a block is decoded.</summary>
    public const int MostAccessesInBlock = 32768;

    public const int LongestContent = MostAccessesInBlock * (1 + AccessTags.LongestDelta);

    public const int AccessBlock = 1;
    public const int CallBlock = 2;
    public const int EndBlock = 3;

    public static ReadOnlySpan<byte> Magic => "BsdVmTrc"u8;

    public static bool IsMagic(ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(Magic);
}
