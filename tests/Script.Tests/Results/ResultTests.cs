namespace BsdVm.Script.Tests;

/// <summary>What transcripts print, and what assertions accept.</summary>
public class ResultTests
{
    private static readonly MapRow[] Rows =
    [
        new(0x10000000, 0x10001000, Protection.Read, false, null, 0),
        new(0x10001000, 0x10003000, Protection.ReadWrite, true, "f", 0x2000),
    ];

    [Fact]
    public void Results_print_as_the_transcript_wants_them()
    {
        Assert.Equal("ok", ScriptResult.Ok.ToTranscriptText());
        Assert.Equal("0x10000000", new NumberResult(0x10000000, true).ToTranscriptText());
        Assert.Equal("4096", new NumberResult(4096, false).ToTranscriptText());
        Assert.Equal("BADBYTE:0x0a", ScriptResult.BadByte(10).ToTranscriptText());
        Assert.Equal("0110", new BitsResult("0110").ToTranscriptText());
        Assert.Equal("\"\"", new BitsResult("").ToTranscriptText());
        Assert.Equal(
            "\"a\\\"\\\\\\x0a\\x09\\x00\\x7f\\xff~ \"",
            new BytesResult(new ByteString([.. "a\"\\\n\t\0"u8, 0x7f, 0xff, .. "~ "u8])).ToTranscriptText());
        Assert.Equal(
            "2\n  10000000-10001000 r-- private anon\n  10001000-10003000 rw- shared file:f@0x2000",
            new RowsResult(Rows).ToTranscriptText());
    }

    [Fact]
    public void Addresses_compare_as_numbers_and_a_number_counts_rows()
    {
        Assert.True(new NumberResult(0x1000, true).IsMetBy(new NumberResult(4096, false)));
        Assert.False(new NumberResult(0x1000, true).IsMetBy(new NumberResult(4097, false)));
        Assert.True(new NumberResult(2, false).IsMetBy(new RowsResult(Rows)));
        Assert.False(new NumberResult(3, false).IsMetBy(new RowsResult(Rows)));
        Assert.False(new NumberResult(0, false).IsMetBy(ScriptResult.Ok));
    }

    [Fact]
    public void Words_and_bytes_compare_as_they_are()
    {
        Assert.True(ScriptResult.Ok.IsMetBy(ScriptResult.Named("ok")));
        Assert.False(ScriptResult.Ok.IsMetBy(ScriptResult.Named("EINVAL")));
        Assert.True(new BytesResult(new ByteString("ab"u8)).IsMetBy(new BytesResult(new ByteString("ab"u8))));
        Assert.False(new BytesResult(new ByteString("ab"u8)).IsMetBy(new BytesResult(new ByteString("abc"u8))));
        Assert.False(new BitsResult("01").IsMetBy(new BitsResult("011")));
    }

    [Theory]
    // Private anonymous neighbours that print alike are one.
    [InlineData("10-11 rw p - 0 0|11-12 rw p - 7 0", "10000-12000 rw- private anon")]
    // Another protection, another sharing, a gap: two.
    [InlineData("10-11 rw p - 0 0|11-12 r- p - 0 0", "10000-11000 rw- private anon|11000-12000 r-- private anon")]
    [InlineData("10-11 rw p - 0 0|12-13 rw p - 0 0", "10000-11000 rw- private anon|12000-13000 rw- private anon")]
    // Files: one exactly where the offsets meet.
    [InlineData("10-11 rw p f 0 0|11-12 rw p f 1 0", "10000-12000 rw- private file:f@0x0")]
    [InlineData("10-11 rw p f 0 0|11-12 rw p f 2 0", "10000-11000 rw- private file:f@0x0|11000-12000 rw- private file:f@0x2000")]
    [InlineData("10-11 rw p f 0 0|11-12 rw p g 1 0", "10000-11000 rw- private file:f@0x0|11000-12000 rw- private file:g@0x1000")]
    // Shared anonymous memory: the same object, continued.
    [InlineData("10-11 rw s - 0 5|11-12 rw s - 1 5|12-13 rw s - 2 5", "10000-13000 rw- shared anon")]
    [InlineData("10-11 rw s - 0 5|11-12 rw s - 1 6", "10000-11000 rw- shared anon|11000-12000 rw- shared anon")]
    [InlineData("10-11 rw s - 0 5|11-12 rw s - 0 5", "10000-11000 rw- shared anon|11000-12000 rw- shared anon")]
    public void Coalescing_merges_rows_that_print_alike_and_meet(string rows, string expected) =>
        Assert.Equal(expected, string.Join('|', MapRow.Coalesce([.. rows.Split('|').Select(Row)])));

    // START-END PROT SHARING FILE OFFSET OBJECT, numbers of pages in hexadecimal.
    private static MapRow Row(string text)
    {
        string[] parts = text.Split(' ', '-').Where(part => part.Length > 0).ToArray();
        bool readOnly = parts[2] == "r";
        bool anonymous = text.Contains(" - ", StringComparison.Ordinal);
        string[] tail = anonymous ? parts[^2..] : parts[^3..];
        return new MapRow(
            Convert.ToUInt64(parts[0], 16) * PageSize.BaseBytes,
            Convert.ToUInt64(parts[1], 16) * PageSize.BaseBytes,
            readOnly ? Protection.Read : Protection.ReadWrite,
            parts[3] == "s",
            anonymous ? null : tail[0],
            Convert.ToUInt64(tail[^2], 16) * PageSize.BaseBytes,
            Convert.ToInt64(tail[^1], 16));
    }
}
