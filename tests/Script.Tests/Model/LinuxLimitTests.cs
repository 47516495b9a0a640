namespace BsdVm.Script.Tests;

/// <summary>
/// What Linux refuses at the limit of mappings and of promised memory, and where it puts what it may choose: rules that a kernel was asked
/// for, without a transcript of its own in scenarios/linux.
/// </summary>
public class LinuxLimitTests
{
    // Eight mappings of three pages each, of alternate rights: at the limit.
    private const string Full = """
        machine map_limit=8
        p1: mmap 0x10000000 24p rw- private anon == 0x10000000
        p1: mprotect 0x10003000 3p r-- == ok
        p1: mprotect 0x10009000 3p r-- == ok
        p1: mprotect 0x1000f000 3p r-- == ok
        p1: mprotect 0x10015000 3p r-- == ok
        p1: maps == 8

        """;

    [Theory]
    [InlineData("mmap 0x20000000 1p rw- private anon", "ENOMEM")]
    [InlineData("mmap any 1p rw- shared anon", "ENOMEM")]
    [InlineData("mmap 0x10001000 1p r-- private anon", "ENOMEM")]
    [InlineData("mprotect 0x10001000 1p r--", "ENOMEM")]
    [InlineData("mprotect 0x10001000 1p ---", "ENOMEM")]
    [InlineData("mlock 0x10001000 1p", "ENOMEM")]
    [InlineData("munmap 0x10001000 1p", "ENOMEM")]
    [InlineData("mremap 0x10000000 3p 4p maymove", "ENOMEM")]
    [InlineData("mremap 0x10000000 3p 3p to 0x20000000", "ENOMEM")]
    [InlineData("mremap 0x10000000 2p 1p", "ENOMEM")]
    [InlineData("brk 0x8001000", "ENOMEM")]
    [InlineData("madvise 0x10001000 1p random", "EAGAIN")]
    [InlineData("minherit 0x10001000 1p none", "EAGAIN")]
    public void Needs_a_mapping_more(string call, string expected) =>
        Holds(Full + $"p1: {call} == {expected}\np1: maps == 8\np1: mprotect 0x10001000 1p r-- == ENOMEM\n");

    [Theory]
    [InlineData("madvise 0x10001000 1p dontneed", "ok", 8)]
    [InlineData("munmap 0x10003000 3p", "ok", 7)]
    [InlineData("munmap 0x10001000 2p", "ok", 8)]
    [InlineData("mprotect 0x10003000 1p rw-", "ok", 8)]
    [InlineData("mmap 0x10003000 3p rw- private anon", "0x10003000", 6)]
    [InlineData("mmap 0x10018000 1p r-- private anon", "0x10018000", 8)]
    [InlineData("mremap 0x10015000 3p 4p", "0x10015000", 8)]
    [InlineData("fork p2", "ok", 8)]
    public void Needs_none(string call, string expected, int mappings) =>
        Holds(Full + $"p1: {call} == {expected}\np1: maps == {mappings}\n");

    [Fact]
    public void The_lower_edge_stays_cut_where_the_upper_one_is_refused() => Holds("""
        machine map_limit=2
        p1: mmap 0x10000000 3p rw- private anon == 0x10000000
        p1: mprotect 0x10001000 1p r-- == ENOMEM
        p1: maps == 2
        p1: load 0x10001000 1 == "\x00"
        """);

    [Theory]
    [InlineData("mmap 0x20000000 257p rw- private anon", "ENOMEM")]
    [InlineData("mmap 0x20000000 256p rw- private anon", "0x20000000")]
    [InlineData("mmap 0x20000000 257p r-- shared anon", "ENOMEM")]
    [InlineData("mmap 0x20000000 257p r-- private anon", "0x20000000")]
    [InlineData("mmap 0x20000000 257p rw- private file:f@0", "ENOMEM")]
    [InlineData("mmap 0x20000000 257p rw- shared file:f@0", "0x20000000")]
    [InlineData("mmap 0x10000000 513p rw- private anon", "ENOMEM")]
    [InlineData("mmap 0x10000000 500p rw- private anon", "0x10000000")]
    [InlineData("mprotect 0x11000000 512p rw-", "ENOMEM")]
    [InlineData("mremap 0x10000000 256p 513p", "ENOMEM")]
    [InlineData("mremap 0x10000000 256p 512p", "0x10000000")]
    [InlineData("mremap 0x10000000 256p 513p maymove", "ENOMEM")]
    [InlineData("mremap 0x11000000 512p 900p", "0x11000000")]
    [InlineData("sbrk 257p", "ENOMEM")]
    [InlineData("fork p2", "ok")]
    public void One_request_may_not_exceed_what_there_is(string call, string expected) => Holds($"""
        machine ram=1M overcommit=heuristic
        file f 1
        p1: mmap 0x10000000 256p rw- private anon == 0x10000000
        p1: mmap 0x11000000 512p r-- private anon == 0x11000000
        p1: {call} == {expected}
        """);

    [Fact]
    public void A_fork_is_refused_where_one_mapping_exceeds_it() => Holds("""
        machine ram=1M
        p1: mmap 0x10000000 200p rw- private anon == 0x10000000
        p1: mmap 0x100c8000 200p rw- private anon == 0x100c8000
        p1: maps == 1
        p1: fork p2 == ENOMEM
        p1: minherit 0x10000000 200p none == ok
        p1: fork p3 == ok
        """);

    [Fact]
    public void Always_grants_all() => Holds("""
        machine ram=1M overcommit=always
        p1: mmap 0x10000000 1G rw- private anon == 0x10000000
        """);

    [Fact]
    public void The_system_fills_its_area_from_the_top() => Holds("""
        p1: mmap any 4p rw- private anon == 0x7ffff7ffb000
        p1: mmap any 1p r-- private anon == 0x7ffff7ffa000
        p1: mmap any 3p rw- private anon growsdown == 0x7ffff7ff7000
        p1: mmap any 1p r-- private anon == 0x7ffff7ef6000
        p1: munmap 0x7ffff7ffb000 4p == ok
        p1: mmap any 3p r-- private anon == 0x7ffff7ffc000
        p1: mmap any 2p r-- private anon == 0x7ffff7ef4000
        p1: mmap any 2M rw- private anon == 0x7ffff7c00000
        p1: mmap any 2M rw- shared anon == 0x7ffff7a00000
        p1: mremap 0x7ffff7ef6000 1p 4M maymove == 0x7ffff7600000
        """);

    private static void Holds(string script) =>
        Assert.Empty(new ModelRun(Linux: true).Run(Scenarios.Parse(script), coalesce: false).Failures);
}
