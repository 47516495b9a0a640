using System.Security.Cryptography;

using BsdVm.Traces;

namespace BsdVm.Lab.Tests.Traces;

/// <summary>Every reader on a small file whose content is known, access by access and call by call.</summary>
public class GoldenTests
{
    private static readonly string[] LackeyAccesses =
    [
        "Fetch 0x4001234,3", "Load 0x1ffefff7e8,8", "Fetch 0x4001237,5", "Store 0x1ffefff7e0,8", "Modify 0x421d0c8,4",
        "Fetch 0x4001fff,2", "Load 0x4002ffc,8", "Store 0xffffffffffffff00,256", "Fetch 0x4002001,1",
    ];

    [Theory]
    [InlineData("accesses.lackey")]
    [InlineData("accesses.lackey.gz")]
    public void Lackey(string sample)
    {
        TraceContent read = TraceContent.Read(TraceContent.Bytes(sample));
        Assert.Equal(LackeyAccesses, read.Accesses);
        Assert.Equal(new TraceCounts(4, 2, 2, 1, StraddlingAccesses: 2, Calls: 0), read.Counts);
        Assert.Equal((9L, 11L), (read.Counts.Accesses, read.Counts.PageTouches));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(TraceContent.Bytes(sample))), read.Sha256);
        using TraceReader reader = TraceReader.Open(TraceContent.PathOf(sample));
        Assert.Equal(TraceFormat.Lackey, reader.Format);
        Assert.Equal(read.Events, TraceContent.Read(reader, 4096).Events);
    }

    [Fact]
    public void Lackey_with_the_line_ends_of_another_system_and_none_at_the_end()
    {
        string text = System.Text.Encoding.ASCII.GetString(TraceContent.Bytes("accesses.lackey"));
        byte[] other = System.Text.Encoding.ASCII.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal).TrimEnd());
        Assert.Equal(LackeyAccesses, TraceContent.Read(other).Accesses);
        Assert.Equal(["Modify 0x10,1"], TraceContent.Read(" M 10,1"u8.ToArray()).Accesses);
    }

    [Fact]
    public void An_access_straddles_where_its_last_byte_is_in_the_next_page()
    {
        Assert.False(new TraceAccess(new(0x1FFF), 1, TraceAccessKind.Load).StraddlesPage);
        Assert.True(new TraceAccess(new(0x1FFF), 2, TraceAccessKind.Load).StraddlesPage);
        Assert.False(new TraceAccess(new(0x1000), 4096, TraceAccessKind.Load).StraddlesPage);
        Assert.True(new TraceAccess(new(0x1001), 4096, TraceAccessKind.Load).StraddlesPage);
    }

    [Fact]
    public void System_calls()
    {
        TraceContent read = TraceContent.Read(TraceContent.Bytes("calls.lackey"));
        CallResult zero = CallResult.Success(0);
        TraceCall[] expected =
        [
            new BrkCall(0, CallResult.Success(0x4035000), 0),
            new MmapCall(0, CallResult.Success(0x4835000), 0, 8192, 3, 34, -1, 0, null),
            new MmapCall(0, CallResult.Success(0x4838000), 0x4838000, 4096, 5, 2066, 4, 4096, "/lib/libc.so.6"),
            new MmapCall(0, CallResult.Failure(9), 0, 4096, 1, 2, 4, 0, null),
            new MprotectCall(0, zero, 0x4838000, 4096, 1),
            new MremapCall(0, CallResult.Success(0x4900000), 0x4835000, 8192, 16384, 1, 0),
            new MadviseCall(0, zero, 0x4900000, 4096, 4),
            new MunmapCall(0, zero, 0x4900000, 16384),
            new ForkCall(0, CallResult.Success(0x65), SystemCall.Clone, 0x1200011, -1),
            new Wait4Call(0, CallResult.Success(0x65), -1, 0),
            new ExecveCall(0, CallResult.Failure(2), "/bin/none", null),
            new ExitCall(0, CallResult.Unknown, SystemCall.ExitGroup, 3),
        ];
        Assert.Equal(expected, read.Calls);
        Assert.Equal(["Fetch 0x4001234,3", "Store 0x1ffefff7e0,8", "Load 0x4838010,8", "Fetch 0x4001237,5"], read.Accesses);
        Assert.Equal(new TraceCounts(2, 1, 1, 0, 0, 12), read.Counts);

        // A call stands where its result became known, between the accesses around it.
        Assert.Equal(
            [1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15],
            read.Events.Index().Where(static each => each.Item is TraceCall).Select(static each => each.Index));
    }

    [Fact]
    public void Words()
    {
        TraceContent read = TraceContent.Read(TraceContent.Bytes("words.u64"), TraceFormat.Words);
        Assert.Equal(["Load 0x400000,8", "Store 0x7ffc00000008,8", "Store 0xfffffffffffffff8,8", "Load 0x0,8"], read.Accesses);
        Assert.Equal(new TraceCounts(0, 2, 2, 0, 0, 0), read.Counts);
    }

    [Fact]
    public void Page_lists()
    {
        TraceContent read = TraceContent.Read(TraceContent.Bytes("pages.txt"), TraceFormat.Pages);
        Assert.Equal(
            ["Load 0x400000,1", "Load 0x401000,1", "Load 0x400000,1", "Load 0x7fff000,1", "Load 0xfffffffffffff000,1"], read.Accesses);
    }

    [Fact]
    public void Initial_memory()
    {
        IReadOnlyList<MemoryMapEntry> maps = MemoryMapFile.Read(TraceContent.PathOf("initial.maps"));
        Assert.Equal(
            [
                "108000-109000 r--p 00000000 08:01 1234 /usr/bin/sort of things",
                "109000-10a000 r-xp 00001000 08:01 1234 /usr/bin/sort of things",
                "4035000-4036000 rwxp 00000000 00:00 0 [heap]",
                "1ffeffe000-1fff001000 rw-s 00000000 00:00 0",
                "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]",
            ],
            maps.Select(static entry => entry.ToString()));
        Assert.Equal([true, true, false, false, false], maps.Select(static entry => entry.IsFile));
        Assert.Equal(maps, MemoryMapFile.Parse(string.Join("\r\n", maps), "again"));
    }

    [Theory]
    [InlineData("program.bvt")]
    [InlineData("program-brotli.bvt")]
    public void Compact_form(string sample)
    {
        TraceContent source = TraceContent.Read(TraceContent.Bytes("calls.lackey"));
        using TraceReader reader = TraceReader.Open(TraceContent.PathOf(sample));
        TraceContent read = TraceContent.Read(reader);
        Assert.Equal(TraceFormat.Binary, reader.Format);
        Assert.Equal(source.Events, read.Events);
        Assert.Equal(source.Counts, read.Counts);
        Assert.Equal(new TraceOrigin("sample", TraceFormat.Lackey, source.Sha256, "a sample"), reader.Origin);
        Assert.Equal(MemoryMapFile.Read(TraceContent.PathOf("initial.maps")), reader.InitialMaps);
    }

    /// <summary>The form is fixed: what is written today is what the files of yesterday hold.</summary>
    [Fact]
    public void Compact_form_is_written_byte_for_byte()
    {
        byte[] made = TraceContent.Convert(TraceContent.Bytes("calls.lackey"), TraceFormat.Detect, new TraceWriterOptions
        {
            Note = "a sample",
            InitialMaps = MemoryMapFile.Read(TraceContent.PathOf("initial.maps")),
        });
        Assert.Equal(TraceContent.Bytes("program.bvt"), made);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        TraceFormatException failure = Assert.Throws<TraceFormatException>(() => TraceReader.Open("no/such.lackey"));
        Assert.Equal("no/such.lackey: there is no such file", failure.Message);
        Assert.Equal(
            "no/such.maps: there is no such file", Assert.Throws<TraceFormatException>(() => MemoryMapFile.Read("no/such.maps")).Message);
    }
}
