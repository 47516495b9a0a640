namespace BsdVm.Script.Tests;

/// <summary>Every operation and every form of its arguments, read and printed again.</summary>
public class OperationTests
{
    [Theory]
    [InlineData("p1: mmap 0x10000000 3p rw- private anon")]
    [InlineData("p1: mmap 0x10000000 3p rw- private anon noreplace")]
    [InlineData("p1: mmap 0x10000000 3p rwx shared anon growsdown")]
    [InlineData("p1: mmap any 1 --- shared file:f@0x1000")]
    [InlineData("p1: mmap any 1 r-x private file:f@0x0:ro")]
    [InlineData("p1: mmap 0x10000000 0 rw- private anon noreplace growsdown == EEXIST")]
    [InlineData("p1: munmap 0x10000000 18446744073709551615")]
    [InlineData("p1: mprotect 0x10000000 1p r--")]
    [InlineData("p1: mlock 0x10000000 1p")]
    [InlineData("p1: munlock 0x10000000 1p")]
    [InlineData("p1: msync 0x10000000 1p sync")]
    [InlineData("p1: msync 0x10000000 1p async")]
    [InlineData("p1: msync 0x10000000 1p invalidate")]
    [InlineData("p1: madvise 0x10000000 1p normal")]
    [InlineData("p1: madvise 0x10000000 1p random")]
    [InlineData("p1: madvise 0x10000000 1p sequential")]
    [InlineData("p1: madvise 0x10000000 1p willneed")]
    [InlineData("p1: madvise 0x10000000 1p dontneed")]
    [InlineData("p1: madvise 0x10000000 1p free")]
    [InlineData("p1: minherit 0x10000000 1p share")]
    [InlineData("p1: minherit 0x10000000 1p copy")]
    [InlineData("p1: minherit 0x10000000 1p none")]
    [InlineData("p1: minherit 0x10000000 1p zero")]
    [InlineData("p1: mremap 0x10000000 1p 2p")]
    [InlineData("p1: mremap 0x10000000 1p 2p maymove")]
    [InlineData("p1: mremap 0x10000000 1p 2p to 0x20000000 == 0x20000000")]
    [InlineData("p1: mincore 0x10000000 3p == 101")]
    [InlineData("p1: mincore 0x10000000 0 == \"\"")]
    [InlineData("p1: brk 0x10000 == 0x10000")]
    [InlineData("p1: sbrk 1p")]
    [InlineData("p1: sbrk -5 == ENOMEM")]
    [InlineData("p1: fork p2 == ok")]
    [InlineData("p1: vfork p2")]
    [InlineData("p1: exit")]
    [InlineData("p1: pread f 0x0 0x10000000 100 == 100")]
    [InlineData("p1: pwrite f 0x1 0x10000000 1p == EFAULT")]
    [InlineData("p1: load 0x10000000 5 == \"a\\\"b\\\\\\x00\"")]
    [InlineData("p1: load 0x10000000 5 == SIGSEGV")]
    [InlineData("p1: store 0x10000000 \"\" == ok")]
    [InlineData("p1: fill 0x10000000 1p 255 == gone")]
    [InlineData("p1: fetch 0x10000000 == BADBYTE:0xc4")]
    [InlineData("p1: maps == 4")]
    [InlineData("p1: maps 0x10000000 4p")]
    [InlineData("p1@0: maps")]
    [InlineData("file g 1p 65")]
    [InlineData("file g 5 == ok")]
    [InlineData("file.write f 0x10 \"abc\"")]
    [InlineData("file.read f 0x10 3 == \"abc\"")]
    [InlineData("file.truncate f 0")]
    public void Reads_and_prints_again(string line) =>
        Assert.Equal("file f 1p\n" + line + "\n", Scenarios.Parse("file f 1p\n" + line).ToText());

    [Fact]
    public void Wait_reads_and_prints_again() =>
        Assert.Equal("p1: fork p2\np1: wait p2 == blocked\n", Scenarios.Parse("p1: fork p2\np1: wait p2 == blocked").ToText());

    [Theory]
    [InlineData("0x10000000+2p", 0x10002000)]
    [InlineData("1K+1M+1G", 1024 + (1 << 20) + (1 << 30))]
    [InlineData("10", 10)]
    [InlineData("0xAbp", 0xab000)]
    [InlineData("0000000000000000000000000012", 12)]
    public void Numbers_are_sums_of_terms_with_suffixes(string text, ulong value)
    {
        MunmapOperation unmap = Assert.IsType<MunmapOperation>(Scenarios.Parse($"p1: munmap {text} 1").Operations[0]);
        Assert.Equal(new VirtualAddress(value), unmap.Address);
    }

    [Fact]
    public void The_largest_number_is_64_bits_of_ones()
    {
        MunmapOperation unmap = (MunmapOperation)Scenarios.Parse("p1: munmap 0xffffffffffffffff 18446744073709551614+1").Operations[0];
        Assert.Equal((ulong.MaxValue, ulong.MaxValue), (unmap.Address.Value, unmap.LengthBytes));
    }

    [Fact]
    public void Strings_are_bytes()
    {
        StoreOperation store = (StoreOperation)Scenarios.Parse("p1: store 0 \"a\\n\\t\\0\\\\\\\"\\xFF # é\" # comment").Operations[0];
        Assert.Equal("a\n\t\0\\\""u8.ToArray().Append((byte)0xff).Concat(" # é"u8.ToArray()), store.Bytes.Span.ToArray());
    }

    [Fact]
    public void Lines_end_with_LF_or_CRLF_and_comments_and_blank_lines_count()
    {
        VmScript script = Scenarios.Parse("\uFEFF# head\r\n\r\n \tp1: maps# tail\n  p1:maps == 0x1\r\n");
        Assert.Equal([(3, 7), (4, 6)], script.Operations.Select(operation => (operation.Line, operation.Column)));
        Assert.Equal(new NumberResult(1, true), script.Operations[1].Expected);
    }

    [Fact]
    public void The_machine_line_keeps_what_it_gives()
    {
        const string Line = "machine frames=1000 os=bsd policy=lite2 pmap=x86-2level tlb=l1=64x64,l2=0x0,policy=plru fork=eager "
            + "brk=0x8000000 overcommit=heuristic ram=1048576 map_limit=9 seed=7 forget=9 fail.frame=3";
        VmScript script = Scenarios.Parse(Line + " page=4096 cpus=1 swap=0\n");
        Assert.Equal(Line + "\n", script.ToText());
        Assert.Equal(1000UL, script.Machine.Frames);
        Assert.Equal(1UL << 20, script.Machine.RamBytes);
        Assert.Equal(9UL, script.Machine.MapLimit);
        Assert.Equal(VmPolicy.Lite2, script.Machine.Policy);
        Assert.Equal(new VirtualAddress(0x8000000), script.Machine.Brk);
    }
}
