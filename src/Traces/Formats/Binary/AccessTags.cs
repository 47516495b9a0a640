namespace BsdVm.Traces;

/// <summary>
/// The tag byte of an access: bits 0-1 its kind.
/// <code>
/// fetch  bits 2-5 size 1 to 15 (0: escape), bits 6-7 difference to the end of the fetch before: 0 none, 1 one byte, 2 two, 3 four
/// data   bits 2-4 size 1, 2, 4, 8, 16, 32, 64 (7: escape), bits 5-7 difference: to what this instruction accessed the time before
///        (0 none, 1 one byte, 2 two), to the data access before (3 one byte, 4 two, 5 four, 7 eight), to the last access of the
///        region that was left last (6 four)
/// escape size in two bytes, then eight bytes of difference to the end of the fetch before, or to the data access before
/// </code>
/// Differences are signed and taken modulo 2^64.
/// </summary>
internal static class AccessTags
{
    /// <summary>The longest entry behind a tag: an escape.</summary>
    public const int LongestDelta = 10;

    public const int FetchKind = (int)TraceAccessKind.Fetch;
    public const int FetchEscape = FetchKind;
    public const int DataEscapeSize = 7;

    public const int ByInstruction = 0;
    public const int ByLast = 3;
    public const int ByOther = 6;
    public const int ByLastFar = 7;

    /// <summary>Bytes behind each tag.</summary>
    public static readonly byte[] DeltaBytes = Make(tag => IsEscape(tag) ? LongestDelta : LengthOf(tag));

    /// <summary>Half the shift that sign-extends a difference of that length; a shift by 64 has to be done in two.</summary>
    public static readonly byte[] HalfShift = Make(tag => (64 - (8 * LengthOf(tag))) / 2);

    /// <summary>The size in bytes; 0 marks an escape.</summary>
    public static readonly byte[] SizeBytes = Make(tag => IsEscape(tag) ? 0 : SizeOf(tag));

    public static bool IsFetch(int tag) => (tag & 3) == FetchKind;

    private static bool IsEscape(int tag) => IsFetch(tag) ? (tag & 0x3c) == 0 : ((tag >> 2) & 7) == DataEscapeSize;

    private static int SizeOf(int tag) => IsFetch(tag) ? (tag >> 2) & 15 : 1 << ((tag >> 2) & 7);

    private static int LengthOf(int tag) => IsFetch(tag)
        ? (tag >> 6) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 }
        : (tag >> 5) switch { 0 => 0, 1 or 3 => 1, 2 or 4 => 2, 5 or 6 => 4, _ => 8 };

    private static byte[] Make(Func<int, int> value)
    {
        var table = new byte[256];
        for (int tag = 0; tag < table.Length; tag++)
        {
            table[tag] = (byte)value(tag);
        }

        return table;
    }
}
